import pg from 'pg'

/**
 * Leaves the changes of a conversation undelivered until released: they wait for the fan-out worker, because an earlier
 * change does, and the worker waits for a row lock, like that of another worker.
 */
export async function blocksDelivery(
  databaseUrl: string,
  conversationId: string,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('begin')
  await client.query('select from delivery where conversation_id = $1 for update', [conversationId])
  const other = new pg.Client({ connectionString: databaseUrl })
  await other.connect()
  await other.query(
    `insert into delivery_mark (conversation_id, version, revision)
     select id, version, revision from conversation where id = $1 on conflict do nothing`,
    [conversationId],
  )
  await other.end()
  return async () => {
    await client.query('rollback')
    await client.end()
  }
}
