import pg from 'pg'

/** Keeps fan-out away from a conversation, as a worker that is in the middle of it does, until released. */
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
