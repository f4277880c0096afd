import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { DeviceStatus, PresenceFacts } from './policy.ts'

/** The status that the device of a session chose. */
export const loadDeviceStatus = defineLoader<string, { id: string; status: DeviceStatus }>(
  (sql, ids) => sql.query(`select id, status::text as status from session where id = any($1)`, [ids]),
  (row) => row.id,
)

interface PresenceKey {
  viewerId: string
  userId: string
}

const keyText = ({ viewerId, userId }: PresenceKey) => `${viewerId} ${userId}`

const keys = 'unnest($1::text[], $2::text[]) as k (viewer_id, user_id)'

const keyParams = (of: readonly PresenceKey[]) => [of.map((key) => key.viewerId), of.map((key) => key.userId)]

/** What is stored of a user's presence, for one viewer. */
export type PresenceRow = PresenceKey & Pick<PresenceFacts, 'invisible' | 'lastSeenAt'>

export const loadPresenceRow = defineLoader<PresenceKey, PresenceRow>(
  (sql, of) =>
    sql.query(
      `select k.viewer_id as "viewerId", k.user_id as "userId",
         b.blocker_id is not null or coalesce(p.invisible, false) as "invisible",
         case when b.blocker_id is null then p.last_seen_at else b.seen_at end as "lastSeenAt"
       from ${keys}
       left join presence p on p.user_id = k.user_id
       left join block b on b.blocker_id = k.user_id and b.blocked_id = k.viewer_id`,
      keyParams(of),
    ),
  keyText,
  keyText,
)

/** Whether a viewer may see the user's presence: friends and members of a common group whom the viewer does not block. */
export const loadVisibility = defineLoader<PresenceKey, PresenceKey>(
  (sql, of) =>
    sql.query(
      `select k.viewer_id as "viewerId", k.user_id as "userId"
       from ${keys}
       where not exists (
           select from block b where b.blocker_id = k.viewer_id and b.blocked_id = k.user_id)
         and (exists (select from friendship f where f.user_id = k.viewer_id and f.friend_id = k.user_id)
           or exists (
             select from membership mine
             join conversation c on c.id = mine.conversation_id and c.kind = 'GROUP'
             join membership theirs on theirs.conversation_id = c.id and theirs.user_id = k.user_id
             where mine.user_id = k.viewer_id))`,
      keyParams(of),
    ),
  keyText,
  keyText,
)

// In order of ids, so that two servers that update the same users do not deadlock.
const noteSeenStatement = `
  insert into presence (user_id, last_seen_at)
  select u.id, date_trunc('minute', k.seen_at)
  from unnest($1::text[], $2::timestamptz[]) as k (user_id, seen_at)
  join "user" u on u.id = k.user_id and u.deleted_at is null
  order by u.id
  on conflict (user_id) do update set last_seen_at = excluded.last_seen_at
    where not presence.invisible and presence.last_seen_at is distinct from excluded.last_seen_at
      and coalesce(presence.last_seen_at < excluded.last_seen_at, true)`

const batch = 1_000

/** Stores when users were last seen, except invisible ones. */
export async function noteSeen(sql: Sql, seen: ReadonlyMap<string, Date>): Promise<void> {
  const entries = [...seen]
  for (let at = 0; at < entries.length; at += batch) {
    const some = entries.slice(at, at + batch)
    await sql.query(noteSeenStatement, [some.map(([userId]) => userId), some.map(([, time]) => time)])
  }
}
