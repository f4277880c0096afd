import { notFound } from '../errors.ts'
import { arrayOf, columns } from '../platform/db/columns.ts'
import type { Friendship } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { PairFacts } from './policy.ts'

export const friendshipFields = [
  'id',
  'userId',
  'friendId',
  'remark',
  'createdAt',
] as const satisfies readonly (keyof Friendship)[]

/** One user's side of a friendship. */
export type FriendshipRow = Pick<Friendship, (typeof friendshipFields)[number]>

export const friendshipColumns = columns('f', friendshipFields)

/** Two users, from the perspective of the first. */
export interface PairKey {
  userId: string
  peerId: string
}

export const pairText = (key: PairKey) => `${key.userId} ${key.peerId}`

export const pairs = `unnest(${arrayOf(1, 'text')}, ${arrayOf(2, 'text')}) as k (user_id, peer_id)`

export const pairParams = (keys: readonly PairKey[]) => [
  keys.map((key) => key.userId),
  keys.map((key) => key.peerId),
]

export const loadFriendship = defineLoader<PairKey, FriendshipRow>(
  (sql, keys) =>
    sql.query(
      `select ${friendshipColumns} from friendship f
       join ${pairs} on f.user_id = k.user_id and f.friend_id = k.peer_id`,
      pairParams(keys),
    ),
  (row) => pairText({ userId: row.userId, peerId: row.friendId }),
  pairText,
)

export const loadFriendshipById = defineLoader<string, FriendshipRow>(
  (sql, ids) =>
    sql.query(`select ${friendshipColumns} from friendship f where f.id = any(${arrayOf(1, 'text')})`, [ids]),
  (row) => row.id,
)

/** The relation of the viewer to one other user. NOT_FOUND for an unknown user. */
export async function readPair(sql: Sql, { userId, peerId }: PairKey): Promise<PairFacts> {
  const [facts] = await readPairs(sql, userId, [peerId])
  if (!facts || facts.peerUnknown) throw notFound('user')
  return facts
}

const lockUserPair = `select pg_advisory_xact_lock(hashtextextended($1, 0))::text`

const lockOne = (strength: 'key share' | 'update') => `select id from "user" where id = $1 for ${strength}`
const keepAccount = lockOne('key share')
const lockSelf = lockOne('update')

/**
 * Serialises changes between the same two users, and with the deletion of either account. The lock is on the pair: the
 * peer's row is locked only against deletion, so that nothing else of the peer waits for the viewer.
 */
export async function lockPair(sql: Sql, pair: PairKey): Promise<void> {
  await lockBoth(sql, pair, keepAccount)
}

/**
 * The same for a change that revokes a permission, such as a block. The lock on the viewer's own row waits for group
 * additions that have already read the previous relation.
 */
export async function lockPairToRevoke(sql: Sql, pair: PairKey): Promise<void> {
  await lockBoth(sql, pair, lockSelf)
}

/** The pair first, then the accounts in order of id, as everywhere. */
async function lockBoth(sql: Sql, { userId, peerId }: PairKey, own: string): Promise<void> {
  const ids = [userId, peerId].sort()
  await sql.query(lockUserPair, [`pair ${ids.join(' ')}`])
  for (const id of ids) await sql.query(id === userId ? own : keepAccount, [id])
}

/**
 * Locks the accounts of the viewer and these users: until the end of the transaction none of them can be deleted, block
 * a user or lose a friend. The lock conflicts with nothing else that they do.
 */
export async function lockAccountsShared(sql: Sql, userId: string, peerIds: string[]): Promise<void> {
  await sql.query(`select id from "user" where id = any($1::text[]) order by id for key share`, [
    [userId, ...peerIds],
  ])
}

/** The relation of the viewer to each of these users; an unknown user counts as deleted. */
export function readPairs(
  sql: Sql,
  userId: string,
  peerIds: string[],
): Promise<(PairFacts & { userId: string; peerUnknown: boolean; haveTalked: boolean })[]> {
  return sql.query(
    `select k.peer_id as "userId", u.id is null as "peerUnknown", (u.id is null or u.deleted_at is not null) as "peerDeleted",
            f.id is not null as "areFriends", d.id is not null as "haveTalked", mine.blocker_id is not null as "blockedByMe",
            theirs.blocker_id is not null as "blockedByPeer"
     from unnest($2::text[]) as k (peer_id)
     left join "user" u on u.id = k.peer_id
     left join friendship f on f.user_id = $1 and f.friend_id = k.peer_id
     left join conversation d
       on d.id = 'single_' || least($1, k.peer_id collate "C") || '_' || greatest($1, k.peer_id collate "C")
     left join block mine on mine.blocker_id = $1 and mine.blocked_id = k.peer_id
     left join block theirs on theirs.blocker_id = k.peer_id and theirs.blocked_id = $1`,
    [userId, peerIds],
  )
}

/** The friends of a user. */
export async function friendIds(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(`select friend_id as id from friendship where user_id = $1`, [
    userId,
  ])
  return rows.map((row) => row.id)
}

/** Users who observe a user's profile: friends, and peers of direct conversations. */
export async function contactIds(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select friend_id as id from friendship where user_id = $1
     union
     select p.user_id as id
     from membership m
     join conversation c on c.id = m.conversation_id and c.kind = 'DIRECT'
     join membership p on p.conversation_id = c.id and p.user_id <> m.user_id
     where m.user_id = $1`,
    [userId],
  )
  return rows.map((row) => row.id)
}
