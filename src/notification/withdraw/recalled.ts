import type { Sql } from '../../platform/db/sql.ts'

/** The versions of a conversation after `fromVersion`, up to `version`. */
interface VersionRange {
  conversationId: string
  fromVersion: number
  version: number
}

// A device shows only the last notification of a conversation: each replaces the one before.
const queueCorrections = `
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status)
  select gen_random_uuid()::text, a.device_id, a.user_id, a.provider, 'RECALL', a.conversation_id, a.shown_seq,
         a.shown_seq, 'QUEUED'
  from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, from_version, version)
  cross join lateral (
    select s.conversation_id, s.seq from message s
    where s.conversation_id = k.conversation_id and s.version > k.from_version and s.version <= k.version
      and s.recalled_at is not null
  ) s
  join push_attempt a on a.conversation_id = s.conversation_id and a.shown_seq = s.seq and a.status = 'SENT'
  join push_device d on d.id = a.device_id and d.removed_at is null
  where not exists (
    select from push_attempt x where x.device_id = a.device_id and x.conversation_id = a.conversation_id
      and x.status = 'SENT' and x.at > a.at)
  on conflict do nothing`

/** Queues a correction for each device that still shows a recalled message. */
export async function correctRecalled(sql: Sql, ranges: VersionRange[]): Promise<void> {
  await sql.query(queueCorrections, [
    ranges.map((each) => each.conversationId),
    ranges.map((each) => each.fromVersion),
    ranges.map((each) => each.version),
  ])
}

const versionOf = `
  select version from message where conversation_id = $1 and seq = $2 and recalled_at is not null`

/** Corrects a notification that was just sent, if its message was recalled meanwhile. */
export async function correctIfRecalled(sql: Sql, conversationId: string, seq: number): Promise<void> {
  const [recalled] = await sql.query<{ version: number }>(versionOf, [conversationId, seq])
  if (recalled)
    await correctRecalled(sql, [
      { conversationId, fromVersion: recalled.version - 1, version: recalled.version },
    ])
}
