import { lockAccount, type UserRow } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import type { Sql } from '../platform/db/sql.ts'
import { withTransaction } from '../transaction.ts'
import type { DeviceStatus, PresenceStatus } from './policy.ts'

// To turn invisible looks like going, to turn visible like coming: either way one was seen until now.
const turn = `
  insert into presence (user_id, invisible, last_seen_at) values ($1, $2, date_trunc('minute', clock_timestamp()))
  on conflict (user_id) do update set invisible = excluded.invisible, last_seen_at = excluded.last_seen_at`

const choose = `
  update session set status = $2::device_status where id = $1 and status <> $2::device_status returning id`

/**
 * Chooses how the device that asks shows the viewer while it is connected. To be invisible is chosen for all devices at
 * once, and any other choice on any of them ends it.
 */
export async function setPresence(ctx: Context, status: PresenceStatus): Promise<UserRow> {
  const { userId, sessionId } = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, userId)
    const turned = await turnInvisible(tx.sql, userId, status === 'OFFLINE')
    const chose = status !== 'OFFLINE' && (await chooseStatus(tx.sql, sessionId, status))
    if (!turned && !chose) return user

    tx.announce({ userId, kind: 'me', subjectId: userId })
    tx.afterCommit(() => {
      ctx.presence.hub.changed(userId)
      if (turned && status === 'OFFLINE') ctx.presence.typing.hide(userId)
    })
    return user
  })
}

/** Whether that is a change. */
async function turnInvisible(sql: Sql, userId: string, invisible: boolean): Promise<boolean> {
  const [kept] = await sql.query<{ invisible: boolean }>(
    `select invisible from presence where user_id = $1`,
    [userId],
  )
  if ((kept?.invisible ?? false) === invisible) return false
  await sql.query(turn, [userId, invisible])
  return true
}

async function chooseStatus(sql: Sql, sessionId: string, status: DeviceStatus): Promise<boolean> {
  const changed = await sql.query(choose, [sessionId, status])
  return changed.length > 0
}
