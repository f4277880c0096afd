import { lockAccount, type UserRow } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { withTransaction } from '../platform/db/transaction.ts'
import type { PresenceStatus } from './policy.ts'

// To turn invisible looks like going, to turn visible like coming: either way one was seen until now.
const choose = `
  insert into presence (user_id, chosen, last_seen_at) values ($1, $2::presence_status, date_trunc('minute', clock_timestamp()))
  on conflict (user_id) do update set chosen = excluded.chosen, last_seen_at = excluded.last_seen_at`

/** Chooses how the viewer is shown while connected, on all devices and until they choose again. */
export async function setPresence(ctx: Context, status: PresenceStatus): Promise<UserRow> {
  const { userId } = requireViewer(ctx)
  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, userId)
    const [kept] = await tx.sql.query<{ chosen: PresenceStatus }>(
      `select chosen::text as chosen from presence where user_id = $1`,
      [userId],
    )
    if ((kept?.chosen ?? 'ONLINE') === status) return user

    await tx.sql.query(choose, [userId, status])
    tx.announce({ userId, kind: 'me', subjectId: userId })
    tx.afterCommit(() => ctx.presence.changed(userId))
    return user
  })
}
