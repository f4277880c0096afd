import { notFound } from '../../errors.ts'
import { columns } from '../../platform/db/columns.ts'
import type { FriendRequest } from '../../platform/db/generated/client.ts'
import type { FriendRequestStatus } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { defineLoader } from '../../platform/loader.ts'
import type { Tx } from '../../transaction.ts'
import { resolveRefusal } from '../policy.ts'
import { lockPair, type PairKey } from '../store.ts'

const fields = [
  'id',
  'fromId',
  'toId',
  'note',
  'status',
  'suppressed',
  'resolvedAt',
  'createdAt',
] as const satisfies readonly (keyof FriendRequest)[]

export type FriendRequestRow = Pick<FriendRequest, (typeof fields)[number]>

export const requestColumns = columns('r', fields)

/** SQL: the requests that a recipient may see, which are all but those sent while the sender was blocked. */
export const visibleToRecipient = `(not r.suppressed or r.resolved_at is not null)`

/** The request as the viewer sees it, or null. A suppressed request is shown as declined to its recipient only. */
export function requestFor(request: FriendRequestRow | null, viewerId: string): FriendRequestRow | null {
  if (request?.fromId === viewerId) return request
  if (request?.toId !== viewerId) return null
  if (!request.suppressed) return request
  return request.resolvedAt ? { ...request, status: 'DECLINED' } : null
}

export const loadFriendRequest = defineLoader<string, FriendRequestRow>(
  (sql, ids) => sql.query(`select ${requestColumns} from friend_request r where r.id = any($1)`, [ids]),
  (request) => request.id,
)

const pendingKey = (key: PairKey) => [key.userId, key.peerId].sort().join(' ')

/** The pending request between two users in either direction, suppressed or not. */
export const loadPendingRequest = defineLoader<PairKey, FriendRequestRow>(
  (sql, keys) =>
    sql.query(
      `select ${requestColumns} from friend_request r
       join unnest($1::text[], $2::text[]) as k (one, other)
         on least(r.from_id, r.to_id) = least(k.one, k.other)
        and greatest(r.from_id, r.to_id) = greatest(k.one, k.other)
       where r.status = 'PENDING'`,
      [keys.map((key) => key.userId), keys.map((key) => key.peerId)],
    ),
  (request) => pendingKey({ userId: request.fromId, peerId: request.toId }),
  pendingKey,
)

/** The same without a loader, for transactions that hold the lock of the pair. */
export async function findPendingRequest(
  sql: Sql,
  one: string,
  other: string,
): Promise<FriendRequestRow | null> {
  const [request] = await sql.query<FriendRequestRow>(
    `select ${requestColumns} from friend_request r
     where least(r.from_id, r.to_id) = least($1, $2) and greatest(r.from_id, r.to_id) = greatest($1, $2)
       and r.status = 'PENDING'`,
    [one, other],
  )
  return request ?? null
}

/**
 * Locks the pair of a request that the viewer may give the wanted status, and reads it again. The request is pending or
 * already has that status.
 */
export async function lockRequest(
  sql: Sql,
  viewerId: string,
  id: string,
  wanted: ResolvedStatus,
): Promise<FriendRequestRow> {
  const check = async () => {
    const request = requestFor(await findRequest(sql, id), viewerId)
    if (!request) throw notFound('friend request')
    const refusal = resolveRefusal(request, viewerId, wanted)
    if (refusal) throw refusal
    return request
  }
  const { fromId, toId } = await check()
  await lockPair(sql, { userId: viewerId, peerId: fromId === viewerId ? toId : fromId })
  return check()
}

async function findRequest(sql: Sql, id: string): Promise<FriendRequestRow | null> {
  const [request] = await sql.query<FriendRequestRow>(
    `select ${requestColumns} from friend_request r where r.id = $1`,
    [id],
  )
  return request ?? null
}

type ResolvedStatus = Exclude<FriendRequestStatus, 'PENDING'>

// A suppressed request stays suppressed; only an acceptance makes it visible to its recipient.
const resolve = `update friend_request r
  set status = $2::friend_request_status, suppressed = r.suppressed and $2 <> 'ACCEPTED',
      resolved_at = case when r.suppressed and $2 <> 'ACCEPTED' then r.resolved_at else clock_timestamp() end`

export async function resolveRequest(
  sql: Sql,
  id: string,
  status: ResolvedStatus,
): Promise<FriendRequestRow> {
  const [request] = await sql.query<FriendRequestRow>(
    `${resolve} where r.id = $1 returning ${requestColumns}`,
    [id, status],
  )
  return request as FriendRequestRow
}

/** Resolves all pending requests from or to a user. */
export function resolveRequestsOf(
  sql: Sql,
  userId: string,
  status: ResolvedStatus,
): Promise<FriendRequestRow[]> {
  return sql.query(
    `${resolve} where (r.from_id = $1 or r.to_id = $1) and r.status = 'PENDING' returning ${requestColumns}`,
    [userId, status],
  )
}

/** Announces a request to both users, or only to its sender if it is suppressed. */
export function announceRequest(tx: Tx, request: FriendRequestRow): void {
  tx.announce({ userId: request.fromId, kind: 'request', subjectId: request.id })
  if (request.suppressed) return
  tx.announce(
    { userId: request.toId, kind: 'request', subjectId: request.id },
    { userId: request.toId, kind: 'me', subjectId: request.toId },
  )
}
