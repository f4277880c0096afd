import { loadUser, type UserRow } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { lookUpAll } from '../platform/loader.ts'
import { type DeviceStatus, hiddenPresence, type Presence, presenceShown } from './policy.ts'
import { loadDeviceStatus, loadPresenceRow, loadVisibility } from './store.ts'

/** A user with the presence that a subscription found, so that exactly that state is delivered. */
export interface UserWithPresence extends UserRow {
  shown?: Presence
}

/** The presence of a user as the viewer sees it now. */
export async function presenceOf(ctx: Context, userId: string): Promise<Presence> {
  const { userId: viewerId, sessionId } = requireViewer(ctx)
  const key = { viewerId, userId }
  const isSelf = viewerId === userId
  // A block ends a friendship. Read in this order, the end of the friendship is seen no later than the block.
  const row = await loadPresenceRow(ctx, key)
  if (!row || (!isSelf && !(await loadVisibility(ctx, key)))) return hiddenPresence
  const connected = await ctx.presence.hub.devicesOf(userId)
  // For the viewer, the calling device counts as connected.
  const devices = await statusesOf(ctx, isSelf ? [...connected, sessionId] : connected)
  return presenceShown({ ...row, devices, now: new Date() })
}

async function statusesOf(ctx: Context, sessionIds: readonly string[]): Promise<DeviceStatus[]> {
  const rows = await lookUpAll(sessionIds, (id) => loadDeviceStatus(ctx, id))
  return rows.map((row) => row?.status ?? 'ONLINE')
}

/** The user with the presence; null if there is no such user. */
export async function loadUserWithPresence(
  ctx: Context,
  userId: string,
): Promise<Required<UserWithPresence> | null> {
  const [user, shown] = await Promise.all([loadUser(ctx, userId), presenceOf(ctx, userId)])
  return user && { ...user, shown }
}
