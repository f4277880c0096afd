import type { Core } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'
import { type Tx, withTransaction } from '../../transaction.ts'

/** Members announced per transaction: a hundred thousand would exceed the time limit of a transaction. */
const batchSize = 500

type Needs = Pick<Core, 'hooks'>

/** The stored name of the job that announces the remaining departures of a dissolved group. */
export const departureTask = 'tellDepartures'

const deleteAll = `
  with deleted as (delete from membership where conversation_id = $1 returning conversation_id, user_id)
  insert into departure (conversation_id, user_id) select conversation_id, user_id from deleted where user_id <> $2`

/** Deletes all memberships of a group, announces the first departures and leaves the others to a job. Requires the group's lock. */
export async function deleteMemberships(
  services: Needs,
  tx: Tx,
  conversation: ConversationRow,
  actorId: string,
): Promise<void> {
  await tx.sql.query(deleteAll, [conversation.id, actorId])
  const first = await takeDepartures(tx.sql, conversation.id)
  await announceDepartures(services, tx, conversation.id, [actorId, ...first])
  if (conversation.memberCount > first.length + 1)
    await addJob(tx.sql, departureTask, { groupId: conversation.id })
}

/** Announces the departures of a dissolved group, one batch per transaction. */
export function departureAnnouncer(services: Core): Task {
  return {
    async run(payload, { signal }) {
      const { groupId } = payload as { groupId: string }
      for (let more = true; more; ) {
        signal.throwIfAborted()
        more = await withTransaction(services, async (tx) => {
          const next = await takeDepartures(tx.sql, groupId)
          await announceDepartures(services, tx, groupId, next)
          return next.length > 0
        })
      }
    },
  }
}

async function takeDepartures(sql: Sql, groupId: string): Promise<string[]> {
  const rows = await sql.query<{ userId: string }>(
    `delete from departure where conversation_id = $1 and user_id = any(array(
       select user_id from departure where conversation_id = $1
       order by user_id limit $2::integer for update skip locked))
     returning user_id as "userId"`,
    [groupId, batchSize],
  )
  return rows.map((row) => row.userId)
}

/** Announces to former members, on all their devices, that the conversation is gone. */
export async function announceDepartures(
  services: Needs,
  tx: Tx,
  groupId: string,
  userIds: string[],
): Promise<void> {
  await services.hooks.run('membersLeft', tx, { groupId, userIds })
  for (const userId of userIds)
    tx.announce({ userId, kind: 'conversation', subjectId: groupId, removed: true })
  tx.afterCommit(() => services.hooks.signal('relationsChanged', { userIds }))
}
