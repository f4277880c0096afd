import { lockAccount, type UserRow } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import type { Sql } from '../platform/db/sql.ts'
import { withTransaction } from '../transaction.ts'
import type { DeviceStatus, PresenceStatus } from './policy.ts'

// Becoming invisible looks like a disconnect, becoming visible like a connect: lastSeenAt is now in both cases.
const setInvisible = `
  insert into presence (user_id, invisible, last_seen_at) values ($1, $2, date_trunc('minute', clock_timestamp()))
  on conflict (user_id) do update set invisible = excluded.invisible, last_seen_at = excluded.last_seen_at`

const setStatus = `
  update session set status = $2::device_status where id = $1 and status <> $2::device_status returning id`

/**
 * Sets the status of the calling device while it is connected. OFFLINE makes the viewer invisible on all devices, until
 * any of them chooses another status.
 */
export async function setPresence(ctx: Context, status: PresenceStatus): Promise<UserRow> {
  const { userId, sessionId } = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, userId)
    const invisibleChanged = await updateInvisible(tx.sql, userId, status === 'OFFLINE')
    const statusChanged = status !== 'OFFLINE' && (await chooseStatus(tx.sql, sessionId, status))
    if (!invisibleChanged && !statusChanged) return user

    tx.announce({ userId, kind: 'me', subjectId: userId })
    tx.afterCommit(() => {
      ctx.presence.hub.statusChanged(userId)
      if (invisibleChanged && status === 'OFFLINE') ctx.presence.typing.endAllOf(userId)
    })
    return user
  })
}

/** Returns whether that is a change. */
async function updateInvisible(sql: Sql, userId: string, invisible: boolean): Promise<boolean> {
  const [row] = await sql.query<{ invisible: boolean }>(`select invisible from presence where user_id = $1`, [
    userId,
  ])
  if ((row?.invisible ?? false) === invisible) return false
  await sql.query(setInvisible, [userId, invisible])
  return true
}

async function chooseStatus(sql: Sql, sessionId: string, status: DeviceStatus): Promise<boolean> {
  const changed = await sql.query(setStatus, [sessionId, status])
  return changed.length > 0
}
