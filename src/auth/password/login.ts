import type { Context } from '../../context.ts'
import { refuse } from '../../errors.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type DeviceInput, deviceSchema, type SignedIn, signIn, startSession } from '../session/start.ts'
import { credentialsOf, lockVerified } from './credentials.ts'
import { countGuess, signInGuesses } from './guess-limits.ts'

export interface LoginInput {
  handle: string
  password: string
  device?: DeviceInput | null
}

/** Signs a device in. Neither the error nor its timing reveals whether the handle exists. */
export async function login(ctx: Context, input: LoginInput): Promise<SignedIn> {
  const device = check(deviceSchema.nullish(), input.device, 'input.device')
  const refusal = refuse('BAD_CREDENTIALS', 'Incorrect handle or password.')

  const credentials = await credentialsOf(ctx.sql, input.handle)
  const guesses = await signInGuesses(ctx, input.handle, credentials, device?.id)
  const verified = await countGuess(ctx, guesses, () =>
    ctx.auth.passwords.verify(credentials?.passwordHash ?? null, input.password),
  )
  if (!credentials || !verified) {
    ctx.metrics.login('BAD_CREDENTIALS')
    throw refusal
  }

  const { user, ...started } = await withTransaction(ctx, async (tx) => {
    const user = await lockVerified(tx.sql, credentials, refusal)
    const started = await startSession(ctx, tx, user.id, device)
    tx.announce({ userId: user.id, kind: 'me', subjectId: user.id })
    if (started.newDevice)
      await ctx.hooks.run('newDeviceSignedIn', tx, { userId: user.id, sessionId: started.session.id })
    return { user, ...started }
  })
  ctx.metrics.login('OK')
  return signIn(ctx, user, started)
}
