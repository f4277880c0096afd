import { type Context, requireViewer } from '../../context.ts'
import type { ConversationRow } from '../../conversation/store.ts'
import { refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../transaction.ts'
import { announceJoinRequests, type JoinRequestRow, joinRequestColumns } from '../join-request-store.ts'
import type { GroupRow } from '../store.ts'

interface NewJoinRequest {
  conversation: ConversationRow
  group: GroupRow
  note: string | null
}

/** Inserts a join request of the viewer. Requires the group's lock, and that the viewer has no pending request. */
export async function askToJoin(
  ctx: Context,
  tx: Tx,
  { conversation, group, note }: NewJoinRequest,
): Promise<JoinRequestRow> {
  const viewer = requireViewer(ctx)
  await refuseOverLimit(tx.sql, conversation.id, ctx.config.limits.pendingJoinRequests)
  const [request] = await tx.sql.query<JoinRequestRow>(
    `insert into join_request as r (id, conversation_id, user_id, note, group_name, group_member_count,
                                    group_join_policy, created_at)
     values ($1, $2, $3, $4, $5, $6::integer, $7::join_policy, clock_timestamp()) returning ${joinRequestColumns}`,
    [newId(), conversation.id, viewer.userId, note, group.name, conversation.memberCount, group.joinPolicy],
  )
  await announceJoinRequests(tx, [request as JoinRequestRow])
  return request as JoinRequestRow
}

async function refuseOverLimit(sql: Sql, groupId: string, limit: number): Promise<void> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::integer as count from join_request where conversation_id = $1 and status = 'PENDING'`,
    [groupId],
  )
  if ((row?.count ?? 0) >= limit)
    throw refuse('LIMIT_EXCEEDED', `A group can have at most ${limit} pending join requests.`, { limit })
}
