import type { Core } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { type Tx, withTransaction } from '../../platform/db/transaction.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'

/** So many are told with the end of their group itself; a hundred thousand would outlast any transaction. */
const atOnce = 500

type Told = Pick<Core, 'hooks'>

/** The name of the task that tells the others. */
export const departureTask = 'tellDepartures'

const depart = `
  with gone as (delete from membership where conversation_id = $1 returning conversation_id, user_id)
  insert into departure (conversation_id, user_id) select conversation_id, user_id from gone where user_id <> $2`

/** Takes everybody out of a group whose lock is held, and sees to it that they hear of it. */
export async function deleteMemberships(
  services: Told,
  tx: Tx,
  conversation: ConversationRow,
  actorId: string,
): Promise<void> {
  await tx.sql.query(depart, [conversation.id, actorId])
  const first = await takeDepartures(tx.sql, conversation.id)
  await announceDepartures(services, tx, conversation.id, [actorId, ...first])
  if (conversation.memberCount > first.length + 1)
    await addJob(tx.sql, departureTask, { groupId: conversation.id })
}

/** Tells those who are out of a dissolved group, some hundreds at a time. */
export function departures(services: Core): Task {
  return {
    async run(payload, { signal }) {
      const { groupId } = payload as { groupId: string }
      for (let more = true; more; ) {
        signal.throwIfAborted()
        const { db, bus } = services
        more = await withTransaction({ db, bus, loaders: new Map() }, async (tx) => {
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
    [groupId, atOnce],
  )
  return rows.map((row) => row.userId)
}

/** Word to people who are out of a group, on all their devices. */
export async function announceDepartures(
  services: Told,
  tx: Tx,
  groupId: string,
  userIds: string[],
): Promise<void> {
  await services.hooks.run('membersLeft', tx, { groupId, userIds })
  for (const userId of userIds)
    tx.announce({ userId, kind: 'conversation', subjectId: groupId, removed: true })
  tx.afterCommit(() => services.hooks.signal('relationsChanged', { userIds }))
}
