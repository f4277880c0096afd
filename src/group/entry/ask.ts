import { type Context, requireViewer } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import { refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Tx } from '../../platform/db/transaction.ts'
import { newId } from '../../platform/ids.ts'
import { announceJoinRequests, type JoinRequestRow, joinRequestColumns } from '../join-request-store.ts'
import type { GroupRow } from '../store.ts'

interface Asking {
  conversation: ConversationRow
  group: GroupRow
  note: string | null
}

/** Asks the owner and admins to let the viewer in. Needs the group's lock, and that no request of theirs is pending. */
export async function askToJoin(
  ctx: Context,
  tx: Tx,
  { conversation, group, note }: Asking,
): Promise<JoinRequestRow> {
  const viewer = requireViewer(ctx)
  await refuseWhenMany(tx.sql, conversation.id, ctx.config.limits.pendingJoinRequests)
  const [request] = await tx.sql.query<JoinRequestRow>(
    `insert into join_request as r (id, conversation_id, user_id, note, group_name, group_member_count,
                                    group_join_policy, created_at)
     values ($1, $2, $3, $4, $5, $6::integer, $7::join_policy, clock_timestamp()) returning ${joinRequestColumns}`,
    [newId(), conversation.id, viewer.userId, note, group.name, conversation.memberCount, group.joinPolicy],
  )
  await announceJoinRequests(tx, [request as JoinRequestRow])
  return request as JoinRequestRow
}

async function refuseWhenMany(sql: Sql, groupId: string, limit: number): Promise<void> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from join_request where conversation_id = $1 and status = 'PENDING'`,
    [groupId],
  )
  if ((row?.count ?? 0) >= limit)
    throw refuse('LIMIT_EXCEEDED', `At most ${limit} people may wait to be let into a group.`, { limit })
}
