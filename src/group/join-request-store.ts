import type { Context, Viewer } from '../context.ts'
import { requireViewer } from '../context.ts'
import { loadMembership } from '../conversation/store.ts'
import { columns } from '../platform/db/columns.ts'
import type { JoinRequest } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { Tx } from '../transaction.ts'
import { isManager } from './policy.ts'

const fields = [
  'id',
  'conversationId',
  'userId',
  'note',
  'status',
  'groupName',
  'groupMemberCount',
  'groupJoinPolicy',
  'createdAt',
] as const satisfies readonly (keyof JoinRequest)[]

export type JoinRequestRow = Pick<JoinRequest, (typeof fields)[number]>

export const joinRequestColumns = columns('r', fields)

const loadJoinRequest = defineLoader<string, JoinRequestRow>(
  (sql, ids) => sql.query(`select ${joinRequestColumns} from join_request r where r.id = any($1)`, [ids]),
  (request) => request.id,
)

/** A join request that the viewer may see, or null: it is visible to the requester and the group's current managers. */
export async function visibleJoinRequest(ctx: Context, id: string): Promise<JoinRequestRow | null> {
  const request = await loadJoinRequest(ctx, id)
  if (!request) return null
  const { userId } = requireViewer(ctx)
  return request.userId === userId || (await manages(ctx, request.conversationId)) ? request : null
}

/** Whether the viewer is owner or admin of the group. */
export async function manages(ctx: Context, conversationId: string): Promise<boolean> {
  const membership = await loadMembership(ctx, { conversationId, userId: requireViewer(ctx).userId })
  return isManager(membership?.role ?? null)
}

export async function findJoinRequest(sql: Sql, id: string): Promise<JoinRequestRow | null> {
  const [request] = await sql.query<JoinRequestRow>(
    `select ${joinRequestColumns} from join_request r where r.id = $1`,
    [id],
  )
  return request ?? null
}

export async function findPendingJoinRequest(
  sql: Sql,
  viewer: Viewer,
  groupId: string,
): Promise<JoinRequestRow | null> {
  const [request] = await sql.query<JoinRequestRow>(
    `select ${joinRequestColumns} from join_request r
     where r.conversation_id = $1 and r.user_id = $2 and r.status = 'PENDING'`,
    [groupId, viewer.userId],
  )
  return request ?? null
}

const resolve = (which: string) => `
  update join_request r set status = $1::join_request_status, resolved_at = clock_timestamp()
  where r.status = 'PENDING' and ${which} returning ${joinRequestColumns}`

const resolveOne = resolve('r.id = $2')
const resolveOfUsers = resolve('r.conversation_id = $2 and r.user_id = any($3::text[])')
const resolveOfGroup = resolve('r.conversation_id = $2')
const resolveOfUser = resolve('r.user_id = $2')

// Each of the following requires the locks of the groups concerned.

export async function declineRequest(tx: Tx, id: string): Promise<JoinRequestRow> {
  const [request] = await resolveAndAnnounce(tx, resolveOne, ['DECLINED', id])
  return request as JoinRequestRow
}

export function approveRequestsOf(tx: Tx, groupId: string, userIds: string[]): Promise<JoinRequestRow[]> {
  return resolveAndAnnounce(tx, resolveOfUsers, ['APPROVED', groupId, userIds])
}

/** Declines all requests to join a group that ends. */
export async function declineRequestsTo(tx: Tx, groupId: string): Promise<void> {
  await resolveAndAnnounce(tx, resolveOfGroup, ['DECLINED', groupId])
}

/** Declines all requests of an account that ends. */
export async function declineRequestsFrom(tx: Tx, userId: string): Promise<void> {
  await resolveAndAnnounce(tx, resolveOfUser, ['DECLINED', userId])
}

async function resolveAndAnnounce(tx: Tx, statement: string, params: unknown[]): Promise<JoinRequestRow[]> {
  const resolved = await tx.sql.query<JoinRequestRow>(statement, params)
  await announceJoinRequests(tx, resolved)
  return resolved
}

/** Announces join requests to the requesters and to the managers of each group. */
export async function announceJoinRequests(tx: Tx, requests: JoinRequestRow[]): Promise<void> {
  if (requests.length === 0) return
  const managers = await tx.sql.query<{ conversationId: string; userId: string }>(
    `select m.conversation_id as "conversationId", m.user_id as "userId" from membership m
     where m.conversation_id = any($1::text[]) and m.role in ('OWNER', 'ADMIN')`,
    [[...new Set(requests.map((request) => request.conversationId))]],
  )
  for (const { id, userId, conversationId } of requests) {
    const ofGroup = managers.filter((manager) => manager.conversationId === conversationId)
    for (const recipient of new Set([userId, ...ofGroup.map((manager) => manager.userId)]))
      tx.announce({ userId: recipient, kind: 'joinRequest', subjectId: id })
  }
}

/**
 * Announces the pending join requests of a group to a new manager, and to one who stops being one: a device that reads
 * neither change until the user manages the group again has to learn which were resolved meanwhile.
 */
export async function announcePendingTo(tx: Tx, groupId: string, userId: string): Promise<void> {
  const pending = await tx.sql.query<{ id: string }>(
    `select id from join_request where conversation_id = $1 and status = 'PENDING' order by created_at, id`,
    [groupId],
  )
  for (const { id } of pending) tx.announce({ userId, kind: 'joinRequest', subjectId: id })
}
