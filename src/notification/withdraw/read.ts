import type { Listener } from '../../hooks.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Push } from '../provider/open.ts'
import type { SeqRange } from '../recent-messages.ts'
import { queueWithdrawals } from '../withdrawal.ts'

const afterReading = queueWithdrawals(
  'READ',
  `
  select conversation_id, user_id, read_seq, $3::text as session_id from membership
  where conversation_id = $1 and user_id = $2`,
)

/** Withdraws what was read on one device from the user's other devices. */
export function withdrawOnRead(push: Push): Listener<'readAdvanced'> {
  return async (tx, { conversationId, userId, sessionId }) => {
    if (push.providers.size > 0) await tx.sql.query(afterReading, [conversationId, userId, sessionId])
  }
}

// Bounds the work on a conversation that was not processed for a long time.
const repliesMax = 500

const afterReplying = queueWithdrawals(
  'READ',
  `
  select m.conversation_id, m.user_id, m.read_seq, null::text as session_id
  from (
    select k.conversation_id, s.sender_id
    from unnest($1::text[], $2::integer[], $3::integer[]) as k (conversation_id, from_seq, max_seq)
    cross join lateral (
      select distinct sender_id from message
      where conversation_id = k.conversation_id and seq <= k.max_seq
        and seq > greatest(k.from_seq, k.max_seq - ${repliesMax}) and sender_id is not null
    ) s
  ) s
  join membership m on m.conversation_id = s.conversation_id and m.user_id = s.sender_id`,
)

/** Withdraws notifications from the devices of users who have replied: sending advances the read position. */
export async function withdrawReplied(sql: Sql, ranges: SeqRange[]): Promise<void> {
  await sql.query(afterReplying, [
    ranges.map((each) => each.conversationId),
    ranges.map((each) => each.fromSeq),
    ranges.map((each) => each.maxSeq),
  ])
}
