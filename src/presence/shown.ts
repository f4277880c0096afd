import { loadUser, type UserRow } from '../account/store.ts'
import { loadBlock } from '../contact/blocks.ts'
import { type Context, requireViewer } from '../context.ts'
import { type DeviceStatus, type Presence, presenceShown } from './policy.ts'
import { loadDeviceStatus, loadPresenceRow, loadSight } from './store.ts'

/** Somebody together with what was found of their presence, so that it is told as it was found. */
export interface SeenUser extends UserRow {
  shown?: Presence
}

/** How the viewer sees a person's presence now. */
export async function presenceOf(ctx: Context, userId: string): Promise<Presence> {
  const { userId: viewerId, sessionId } = requireViewer(ctx)
  const isSelf = viewerId === userId
  const [kept, sight, block] = await Promise.all([
    loadPresenceRow(ctx, userId),
    isSelf ? null : loadSight(ctx, { userId: viewerId, peerId: userId }),
    isSelf ? null : loadBlock(ctx, { userId, peerId: viewerId }),
  ])
  const mayBeSeen = isSelf || sight !== null
  const connected = mayBeSeen ? await ctx.presence.hub.devicesOf(userId) : []
  return presenceShown({
    isSelf,
    mayBeSeen,
    // To users whom they block, they are invisible since the block.
    invisible: block !== null || (kept?.invisible ?? false),
    // To oneself, the device that asks is there.
    devices: await statusesOf(ctx, isSelf ? [...connected, sessionId] : connected),
    lastSeenAt: (block ? block.seenAt : kept?.lastSeenAt) ?? null,
    now: new Date(),
  })
}

async function statusesOf(ctx: Context, sessionIds: readonly string[]): Promise<DeviceStatus[]> {
  const rows = await Promise.all(sessionIds.map((id) => loadDeviceStatus(ctx, id)))
  return rows.map((row) => row?.status ?? 'ONLINE')
}

/** The same, with the person; null when there never was one. */
export async function seenUser(ctx: Context, userId: string): Promise<Required<SeenUser> | null> {
  const [user, shown] = await Promise.all([loadUser(ctx, userId), presenceOf(ctx, userId)])
  return user && { ...user, shown }
}
