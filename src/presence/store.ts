import type { PairKey } from '../contact/store.ts'
import { columns } from '../platform/db/columns.ts'
import type { Presence } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { defineLoader } from '../platform/loader.ts'
import type { DeviceStatus } from './policy.ts'

const fields = ['userId', 'invisible', 'lastSeenAt'] as const satisfies readonly (keyof Presence)[]

export type PresenceRow = Pick<Presence, (typeof fields)[number]>

const presenceColumns = columns('p', fields)

/** The stored presence of a user; null if the user never connected. */
export const loadPresenceRow = defineLoader<string, PresenceRow>(
  (sql, ids) => sql.query(`select ${presenceColumns} from presence p where p.user_id = any($1)`, [ids]),
  (row) => row.userId,
)

/** The status that the device of a session chose. */
export const loadDeviceStatus = defineLoader<string, { id: string; status: DeviceStatus }>(
  (sql, ids) => sql.query(`select id, status::text as status from session where id = any($1)`, [ids]),
  (row) => row.id,
)

const pairText = ({ userId, peerId }: PairKey) => `${userId} ${peerId}`

/** Whether a user may see the peer's presence: friends and members of a common group whom the user does not block. */
export const loadVisibility = defineLoader<PairKey, PairKey>(
  (sql, keys) =>
    sql.query(
      `select k.user_id as "userId", k.peer_id as "peerId"
       from unnest($1::text[], $2::text[]) as k (user_id, peer_id)
       where not exists (
           select from block b where b.blocker_id = k.user_id and b.blocked_id = k.peer_id)
         and (exists (select from friendship f where f.user_id = k.user_id and f.friend_id = k.peer_id)
           or exists (
             select from membership mine
             join conversation c on c.id = mine.conversation_id and c.kind = 'GROUP'
             join membership theirs on theirs.conversation_id = c.id and theirs.user_id = k.peer_id
             where mine.user_id = k.user_id))`,
      [keys.map((key) => key.userId), keys.map((key) => key.peerId)],
    ),
  pairText,
  pairText,
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
