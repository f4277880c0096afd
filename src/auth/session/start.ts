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

/** Tokens and session of a signed-in device. */
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
  /** Ids of the sessions that ended in favour of this one; not published yet. */
  replaced: readonly string[]
}

/**
 * Creates a session; SUSPENDED if the account is. Ends the previous session of the device and the oldest above the limit
 * of the platform. Lock the user first, so that of two concurrent sign-ins the later one stays.
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
  const limit = ctx.config.sessionsPerPlatform.get(platform)
  if (limit) replaced.push(...(await endSilently(tx, userId, { platform, keep: limit - 1 }, 'REPLACED')))

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

/** Issues an access token, and makes the user the viewer of the rest of the request and of its socket. */
export async function signIn(
  ctx: Context,
  user: UserRow,
  { session, refreshToken, replaced }: StartedSession,
): Promise<SignedIn> {
  const viewer = { userId: user.id, sessionId: session.id }
  const { accessToken, expiresAt } = await ctx.auth.tokens.issueAccess(viewer)
  ctx.viewer = viewer
  ctx.socket?.signIn(viewer, expiresAt.getTime())
  // After socket.signIn: the socket may belong to the replaced session, and would be closed.
  publishEnded(ctx, replaced, 'REPLACED')
  return { accessToken, accessTokenExpiresAt: expiresAt, user, session, refreshToken }
}
