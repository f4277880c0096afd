import type { Context } from '../../context.ts'
import { withTransaction } from '../../transaction.ts'
import type { Actor } from '../actor.ts'
import { recordAct, serverSubject } from '../audit.ts'

// One per notification that may wait: of several failed ones of a conversation the newest, which covers the others.
const retryFailed = `
  with failed as (
    select distinct on (a.device_id, a.conversation_id, a.purpose, a.session_id, single) a.id,
           min(a.from_seq) over (partition by a.device_id, a.conversation_id, a.purpose, a.session_id, single) as from_seq
    from push_attempt a join push_device d on d.id = a.device_id and d.removed_at is null
    cross join lateral (select case a.purpose when 'MENTION' then a.to_seq end) as k (single)
    where a.status = 'FAILED' and a.purpose in ('MESSAGE', 'MENTION', 'SIGN_IN')
      and a.at > clock_timestamp() - make_interval(mins => $1::integer)
    order by a.device_id, a.conversation_id, a.purpose, a.session_id, single, a.to_seq desc, a.at desc
  )
  update push_attempt a
  set status = 'QUEUED', tries = 0, due_at = clock_timestamp(), owner = null, from_seq = f.from_seq
  from failed f
  where a.id = f.id and a.status = 'FAILED' and not exists (
    select from push_attempt q
    where q.status = 'QUEUED' and q.device_id = a.device_id and q.conversation_id = a.conversation_id
      and q.purpose = a.purpose and (q.purpose <> 'MENTION' or q.to_seq = a.to_seq))
  returning a.id`

const hasten = `
  update push_attempt set due_at = clock_timestamp()
  where status = 'QUEUED' and owner is null and tries > 0 and due_at > clock_timestamp() returning id`

export interface RetriedPush {
  /** Notifications that had failed finally and are sent again. */
  failed: number
  /** Notifications that waited after an error and are due now. */
  waiting: number
}

/**
 * Sends notifications that failed lately again, and those at once that wait after an error. What was read meanwhile is
 * not sent, because each is decided again.
 */
export async function retryPush(ctx: Context, actor: Actor, minutes: number): Promise<RetriedPush> {
  return withTransaction(ctx, async (tx) => {
    const waiting = (await tx.sql.query(hasten)).length
    const failed = (await tx.sql.query(retryFailed, [minutes])).length
    if (failed + waiting > 0)
      await recordAct(tx.sql, actor, 'retryPush', serverSubject, { failed, waiting, minutes })
    return { failed, waiting }
  })
}
