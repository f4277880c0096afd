import { z } from 'zod'
import type { UserRow } from '../../account/store.ts'
import { findSuspension, suspendedRefusal } from '../../account/suspension.ts'
import type { Context } from '../../context.ts'
import { Platform } from '../../platform/db/generated/enums.ts'
import { newId } from '../../platform/ids.ts'
import { name, text } from '../../platform/text.ts'
import type { Tx } from '../../transaction.ts'
import { endSilently, publishEnded } from './end.ts'
import { insertSession, isKnownDevice, type SessionRow } from './store.ts'

export interface DeviceInput {
  id?: string | null
  name: string
  platform: Platform
}

export const deviceSchema = z.object({
  id: text({ max: 128, trim: false }).nullish(),
  name: name({ max: 64 }),
  platform: z.enum(Platform),
})

/** What a device gets that has signed in. */
export interface SignedIn {
  accessToken: string
  accessTokenExpiresAt: Date
  refreshToken: string
  user: UserRow
  session: SessionRow
}

interface StartedSession {
  session: SessionRow
  refreshToken: string
  /** What ended for it and is yet to be told. */
  replaced: readonly string[]
}

/**
 * A new session, unless the person is suspended; those end that it replaces: that of the same device, and the oldest
 * beyond what its platform may have. Lock the person first, so that of two who sign in at once the later one stays.
 */
export async function startSession(
  ctx: Pick<Context, 'config' | 'auth'>,
  tx: Tx,
  userId: string,
  device: DeviceInput | null | undefined,
): Promise<StartedSession & { newDevice: boolean }> {
  const suspension = await findSuspension(tx.sql, userId)
  if (suspension) throw suspendedRefusal(suspension)
  const newDevice = !(await isKnownDevice(tx.sql, userId, device?.id ?? null))
  const replaced: string[] = []
  if (device?.id) replaced.push(...(await endSilently(tx, userId, { deviceId: device.id }, 'REPLACED')))
  const platform = device?.platform ?? 'OTHER'
  const most = ctx.config.sessionsPerPlatform.get(platform)
  if (most) replaced.push(...(await endSilently(tx, userId, { platform, keep: most - 1 }, 'REPLACED')))

  const id = newId()
  const refresh = ctx.auth.tokens.firstRefresh(id)
  const session = await insertSession(tx.sql, {
    id,
    userId,
    deviceId: device?.id ?? null,
    deviceName: device?.name ?? 'Unknown device',
    platform,
    tokenHash: refresh.hash,
    lifeDays: ctx.config.limits.refreshTokenDays,
  })
  return { session, refreshToken: refresh.text, replaced, newDevice }
}

/** Gives out an access token. The rest of the request, and the socket it came in on, are this person's from here on. */
export async function signIn(
  ctx: Context,
  user: UserRow,
  { session, refreshToken, replaced }: StartedSession,
): Promise<SignedIn> {
  const viewer = { userId: user.id, sessionId: session.id }
  const { accessToken, expiresAt } = await ctx.auth.tokens.issueAccess(viewer)
  ctx.viewer = viewer
  ctx.socket?.signIn(viewer, expiresAt)
  // Not sooner: a device that signs in anew may do so on a socket of the session that it replaces.
  publishEnded(ctx, replaced, 'REPLACED')
  return { accessToken, accessTokenExpiresAt: expiresAt, user, session, refreshToken }
}
