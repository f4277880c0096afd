import pg from 'pg'
import { eventually } from './eventually.ts'

/**
 * Leases conversations for a topic of the outbox, so that the server does not process their changes until the release.
 * Without an owner the lease lasts an hour, with one as long as a connection of that name.
 */
export async function leases(
  databaseUrl: string,
  topic: string,
  conversationIds: string[],
  owner: string | null = null,
): Promise<() => Promise<void>> {
  await run(
    databaseUrl,
    `insert into outbox_claim (topic, conversation_id, owner, due_at)
     select $1, id, $3, now() + interval '1 hour' from unnest($2::text[]) as c (id)
     on conflict (topic, conversation_id) do update set owner = excluded.owner, due_at = excluded.due_at`,
    [topic, conversationIds, owner],
  )
  return () =>
    run(databaseUrl, 'delete from outbox_claim where topic = $1 and conversation_id = any($2)', [
      topic,
      conversationIds,
    ])
}

/** Waits until every change has its number in the streams of its members. */
export const everythingIsNumbered = (databaseUrl: string): Promise<void> =>
  eventually(() =>
    run(databaseUrl, 'select 1 / (count(*) = 0)::integer from delivery_mark', []).catch(() => {
      throw new Error('Changes wait for their numbers.')
    }),
  )

async function run(databaseUrl: string, text: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(text, values)
  } finally {
    await client.end()
  }
}
