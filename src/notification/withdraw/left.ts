import type { Listener } from '../../hooks.ts'
import type { Push } from '../provider/open.ts'
import { queueWithdrawals } from '../withdrawal.ts'

// To former members all messages count as read.
const afterLeaving = queueWithdrawals(
  'LEFT',
  `select $1::text as conversation_id, u.id as user_id, ${2 ** 31 - 1} as read_seq, null::text as session_id
   from unnest($2::text[]) as u (id)`,
)

/** Withdraws the notifications of a group from the devices of former members. */
export function withdrawOnDeparture(push: Push): Listener<'membersLeft'> {
  return async (tx, { groupId, userIds }) => {
    if (push.providers.size > 0) await tx.sql.query(afterLeaving, [groupId, userIds])
  }
}
