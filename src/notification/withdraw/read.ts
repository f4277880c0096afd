import type { Listener } from '../../hooks.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { DueNotification } from '../due.ts'
import type { Push } from '../push.ts'
import type { SeqRange } from '../recent-messages.ts'
import { withdraw } from '../withdrawal.ts'

const afterReading = withdraw(
  'READ',
  `
  select conversation_id, user_id, read_seq, $3::text as session_id from membership
  where conversation_id = $1 and user_id = $2`,
)

/** What was read on one device is taken away from the others. */
export function withdrawOnRead(push: Push): Listener<'readAdvanced'> {
  return async (tx, { conversationId, userId, sessionId }) => {
    if (push.providers.size > 0) await tx.sql.query(afterReading, [conversationId, userId, sessionId])
  }
}

// Whoever reads, or goes, at this moment has either seen that it was sent, or is waited for here.
const afterSending = withdraw(
  'READ',
  `
  select conversation_id, user_id, read_seq, null::text as session_id from membership
  where conversation_id = $1 and user_id = $2 for share`,
)

/**
 * The same for a notice that was sent this moment: it may have been read on the way. False when it was for somebody who
 * is not in the conversation any more.
 */
export async function withdrawIfRead(
  sql: Sql,
  { conversationId, userId }: DueNotification,
): Promise<boolean> {
  const [readers] = await sql.query<{ count: number }>(afterSending, [conversationId, userId])
  return readers?.count === 1
}

// Of a conversation that nobody has looked at for long, the newest.
const answersMax = 500

const afterAnswering = withdraw(
  'READ',
  `
  select m.conversation_id, m.user_id, m.read_seq, null::text as session_id
  from (
    select k.conversation_id, s.sender_id
    from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, from_seq, max_seq)
    cross join lateral (
      select distinct sender_id from message
      where conversation_id = k.conversation_id and seq <= k.max_seq
        and seq > greatest(k.from_seq, k.max_seq - ${answersMax}) and sender_id is not null
    ) s
  ) s
  join membership m on m.conversation_id = s.conversation_id and m.user_id = s.sender_id`,
)

/** Whoever has written something new has read what was before. */
export async function withdrawReplied(sql: Sql, ranges: SeqRange[]): Promise<void> {
  await sql.query(afterAnswering, [
    ranges.map((each) => each.conversationId),
    ranges.map((each) => each.fromSeq),
    ranges.map((each) => each.maxSeq),
  ])
}
