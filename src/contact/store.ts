import { notFound } from '../errors.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { PairFacts } from './policy.ts'

/** One person's side of a friendship. */
export interface FriendshipRow {
  id: string
  userId: string
  friendId: string
  remark: string | null
  createdAt: Date
}

export const friendshipColumns = `f.id, f.user_id as "userId", f.friend_id as "friendId", f.remark,
  f.created_at as "createdAt"`

/** Two people, seen from the first. */
export interface PairKey {
  userId: string
  peerId: string
}

const pairText = (key: PairKey) => `${key.userId} ${key.peerId}`

const pairs = `unnest($1::text[], $2::text[]) as k (user_id, peer_id)`

const pairParams = (keys: readonly PairKey[]) => [
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

export const loadBlock = defineLoader<PairKey, PairKey>(
  (sql, keys) =>
    sql.query(
      `select k.user_id as "userId", k.peer_id as "peerId"
       from ${pairs} join block b on b.blocker_id = k.user_id and b.blocked_id = k.peer_id`,
      pairParams(keys),
    ),
  pairText,
  pairText,
)

/**
 * Locks two people against every other change between either of them and somebody, the first of all locks. So
 * requests that cross, an acceptance and a block, a block and an invitation have an order.
 */
export async function lockPair(sql: Sql, userId: string, peerId: string): Promise<PairFacts> {
  const found = await sql.query<{ id: string }>(
    `select id from "user" where id = any($1::text[]) order by id for no key update`,
    [[userId, peerId]],
  )
  if (!found.some((user) => user.id === peerId)) throw notFound('user')
  const [facts] = await readPairs(sql, userId, [peerId])
  if (!facts) throw notFound('user')
  return facts
}

/**
 * Holds off every change between the viewer and any of these people, and the end of their accounts, while others
 * may hold them off too. For whoever needs these facts to stay true; the first of all locks.
 */
export async function holdPairs(sql: Sql, userId: string, peerIds: string[]): Promise<void> {
  await sql.query(`select id from "user" where id = any($1::text[]) order by id for share`, [
    [userId, ...peerIds],
  ])
}

/** What stands between the viewer and each of these people; of somebody who does not exist, that they are gone. */
export function readPairs(
  sql: Sql,
  userId: string,
  peerIds: string[],
): Promise<(PairFacts & { userId: string })[]> {
  return sql.query(
    `select k.peer_id as "userId", (u.id is null or u.deleted_at is not null) as "peerDeleted",
            f.id is not null as "areFriends", mine.blocker_id is not null as "blockedByMe",
            theirs.blocker_id is not null as "blockedByPeer"
     from unnest($2::text[]) as k (peer_id)
     left join "user" u on u.id = k.peer_id
     left join friendship f on f.user_id = $1 and f.friend_id = k.peer_id
     left join block mine on mine.blocker_id = $1 and mine.blocked_id = k.peer_id
     left join block theirs on theirs.blocker_id = k.peer_id and theirs.blocked_id = $1`,
    [userId, peerIds],
  )
}

/** Who is a friend of a person. */
export async function friendIds(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(`select friend_id as id from friendship where user_id = $1`, [
    userId,
  ])
  return rows.map((row) => row.id)
}

/** Who follows a person's profile: their friends, and whoever has a conversation with them. */
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
