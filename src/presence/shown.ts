import { loadUser, type UserRow } from '../account/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { type Presence, presenceShown } from './policy.ts'
import { loadPresenceRow, loadSight } from './store.ts'

/** Somebody together with what was found of their presence, so that it is told as it was found. */
export interface SeenUser extends UserRow {
  shown?: Presence
}

/** How the viewer sees a person's presence now. */
export async function presenceOf(ctx: Context, userId: string): Promise<Presence> {
  const { userId: viewerId } = requireViewer(ctx)
  const isSelf = viewerId === userId
  const [kept, sight] = await Promise.all([
    loadPresenceRow(ctx, userId),
    isSelf ? null : loadSight(ctx, { userId: viewerId, peerId: userId }),
  ])
  const mayBeSeen = sight !== null
  return presenceShown({
    isSelf,
    mayBeSeen,
    connected: mayBeSeen && (await ctx.presence.isConnected(userId)),
    chosen: kept?.chosen ?? 'ONLINE',
    lastSeenAt: kept?.lastSeenAt ?? null,
    now: new Date(),
  })
}

/** The same, with the person; null when there never was one. */
export async function seenUser(ctx: Context, userId: string): Promise<Required<SeenUser> | null> {
  const [user, shown] = await Promise.all([loadUser(ctx, userId), presenceOf(ctx, userId)])
  return user && { ...user, shown }
}
