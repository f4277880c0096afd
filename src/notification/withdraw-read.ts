import type { NoteRead } from '../message/mark-read.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { DueNotice } from './due-notices.ts'
import type { Push } from './push.ts'

// A device shows what was sent there last. If all of that is read it is taken away, once, on every device but the one
// that reads: that one knows.
const withdraw = (readers: string) => `
  with reader as (${readers})
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status)
  select gen_random_uuid()::text, d.id, d.user_id, d.provider, 'READ', r.conversation_id, shown.from_seq, shown.to_seq,
         'QUEUED'
  from reader r
  join push_device d on d.user_id = r.user_id and d.removed_at is null and d.session_id is distinct from r.session_id
  cross join lateral (
    select a.purpose, a.from_seq, a.to_seq from push_attempt a
    where a.device_id = d.id and a.conversation_id = r.conversation_id and a.status = 'SENT'
    order by a.at desc limit 1
  ) shown
  where shown.purpose <> 'READ' and shown.to_seq <= r.read_seq
  on conflict do nothing`

const afterReading = withdraw(`
  select conversation_id, user_id, read_seq, $3::text as session_id from membership
  where conversation_id = $1 and user_id = $2`)

/** What was read on one device is taken away from the others. */
export function noteRead(push: Push): NoteRead {
  return async (tx, { conversationId, userId, sessionId }) => {
    if (push.providers.size > 0) await tx.sql.query(afterReading, [conversationId, userId, sessionId])
  }
}

// Whoever reads at this moment has either seen that it was sent, or is waited for here.
const afterSending = withdraw(`
  select conversation_id, user_id, read_seq, null::text as session_id from membership
  where conversation_id = $1 and user_id = $2 for share`)

/** The same for a notice that was sent this moment: it may have been read on the way. */
export async function withdrawIfRead(sql: Sql, { conversationId, userId }: DueNotice): Promise<void> {
  await sql.query(afterSending, [conversationId, userId])
}

// Of a conversation that nobody has looked at for long, the newest.
const answersMax = 500

const afterAnswering = withdraw(`
  select m.conversation_id, m.user_id, m.read_seq, null::text as session_id
  from (
    select distinct s.conversation_id, s.sender_id
    from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, from_seq, max_seq)
    join message s on s.conversation_id = k.conversation_id and s.seq <= k.max_seq
      and s.seq > greatest(k.from_seq, k.max_seq - ${answersMax})
    where s.sender_id is not null
  ) s
  join membership m on m.conversation_id = s.conversation_id and m.user_id = s.sender_id`)

/** Whoever has written something new has read what was before. */
export async function withdrawAnswered(
  sql: Sql,
  ids: string[],
  fromSeqs: number[],
  maxSeqs: number[],
): Promise<void> {
  await sql.query(afterAnswering, [ids, fromSeqs, maxSeqs])
}
