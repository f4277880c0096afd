import pg from 'pg'

/** Blocks the fan-out of a conversation with a row lock until released, like a worker that is delivering it. */
export async function blocksDelivery(
  databaseUrl: string,
  conversationId: string,
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('begin')
  await client.query('select from delivery where conversation_id = $1 for update', [conversationId])
  return async () => {
    await client.query('rollback')
    await client.end()
  }
}
