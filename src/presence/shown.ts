import { loadUser, type UserRow } from '../account/store.ts'
import { loadBlock } from '../contact/blocks.ts'
import { type Context, requireViewer } from '../context.ts'
import { lookUpAll } from '../platform/loader.ts'
import { type DeviceStatus, type Presence, presenceShown } from './policy.ts'
import { loadDeviceStatus, loadPresenceRow, loadVisibility } from './store.ts'

/** A user with the presence that a subscription found, so that exactly that state is delivered. */
export interface UserWithPresence extends UserRow {
  shown?: Presence
}

/** The presence of a user as the viewer sees it now. */
export async function presenceOf(ctx: Context, userId: string): Promise<Presence> {
  const { userId: viewerId, sessionId } = requireViewer(ctx)
  const isSelf = viewerId === userId
  const [row, visibility, block] = await Promise.all([
    loadPresenceRow(ctx, userId),
    isSelf ? null : loadVisibility(ctx, { userId: viewerId, peerId: userId }),
    isSelf ? null : loadBlock(ctx, { userId, peerId: viewerId }),
  ])
  const mayBeSeen = isSelf || visibility !== null
  const connected = mayBeSeen ? await ctx.presence.hub.devicesOf(userId) : []
  return presenceShown({
    isSelf,
    mayBeSeen,
    // A blocked user sees the blocker as invisible since the block.
    invisible: block !== null || (row?.invisible ?? false),
    // For the viewer, the calling device counts as connected.
    devices: await statusesOf(ctx, isSelf ? [...connected, sessionId] : connected),
    lastSeenAt: (block ? block.seenAt : row?.lastSeenAt) ?? null,
    now: new Date(),
  })
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
