import { z } from 'zod'
import type { UserRow } from '../account/store.ts'
import type { Context } from '../context.ts'
import { Platform } from '../platform/db/generated/enums.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/ids.ts'
import { name, text } from '../platform/text.ts'
import { endSessions } from './end-sessions.ts'
import { insertSession, type SessionRow } from './session-store.ts'

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
}

/** A new session; the one that the same device had before ends. Lock the person first. */
export async function startSession(
  ctx: Pick<Context, 'bus' | 'config' | 'tokens'>,
  tx: Tx,
  userId: string,
  device: DeviceInput | null | undefined,
): Promise<StartedSession> {
  if (device?.id) await endSessions(ctx, tx, userId, { deviceId: device.id }, 'REPLACED')

  const id = newId()
  const refresh = ctx.tokens.firstRefresh(id)
  const session = await insertSession(tx.sql, {
    id,
    userId,
    deviceId: device?.id ?? null,
    deviceName: device?.name ?? 'Unknown device',
    platform: device?.platform ?? 'OTHER',
    tokenHash: refresh.hash,
    lifeDays: ctx.config.limits.refreshTokenDays,
  })
  return { session, refreshToken: refresh.text }
}

/** Gives out an access token. The rest of the request, and the socket it came in on, are this person's from here on. */
export async function signIn(ctx: Context, user: UserRow, started: StartedSession): Promise<SignedIn> {
  const viewer = { userId: user.id, sessionId: started.session.id }
  const { accessToken, expiresAt } = await ctx.tokens.issueAccess(viewer)
  ctx.viewer = viewer
  ctx.socket?.signIn(viewer, expiresAt)
  return { accessToken, accessTokenExpiresAt: expiresAt, user, ...started }
}
