import type { Core } from '../../context.ts'
import { lockConversationRow } from '../../conversation/lock.ts'
import { marksOf } from '../../conversation/marks.ts'
import type { Listener } from '../../hooks.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'
import { type Tx, withTransaction } from '../../transaction.ts'

export const reactionTask = 'deleteReactions'

/** Messages per transaction, so that a user with many reactions holds no lock for long. */
const batchMax = 500

const ofUser = `select conversation_id as "conversationId" from reaction where user_id = $1 limit 1`

// Each message gets a version of its own, as with any other change.
const deleteSome = `
  with deleted as (
    delete from reaction where conversation_id = $1 and user_id = $2 and seq = any(array(
      select distinct seq from reaction where conversation_id = $1 and user_id = $2 order by seq limit ${batchMax}))
    returning seq
  ), touched as (
    select seq, (row_number() over (order by seq))::integer as step from (select distinct seq from deleted) d
  ), changed as (
    update conversation c set version = c.version + n.steps
    from (select count(*)::integer as steps from touched) n
    where c.id = $1 and n.steps > 0
    returning c.id, c.version, c.version - n.steps as base
  ), ${marksOf('changed')}
  update message s set version = changed.base + touched.step, changed_at = clock_timestamp()
  from touched cross join changed where s.conversation_id = $1 and s.seq = touched.seq`

/** The reactions of a deleted account are deleted by a job: they can be in any number of conversations. */
export const scheduleReactionDeletion: Listener<'accountDeleted'> = async ({ sql }, { userId }) => {
  if ((await sql.query(ofUser, [userId])).length > 0) await addJob(sql, reactionTask, { userId })
}

export function reactionDeletion(services: Core): Task {
  return {
    async run(payload, { signal }) {
      const { userId } = payload as { userId: string }
      for (let more = true; more; ) {
        signal.throwIfAborted()
        more = await withTransaction(services, (tx) => deleteBatch(tx, userId))
      }
    },
  }
}

async function deleteBatch({ sql, deliver }: Tx, userId: string): Promise<boolean> {
  const [next] = await sql.query<{ conversationId: string }>(ofUser, [userId])
  if (!next) return false
  await lockConversationRow(sql, next.conversationId)
  await sql.query(deleteSome, [next.conversationId, userId])
  deliver(next.conversationId)
  return true
}
