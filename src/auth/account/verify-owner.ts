import { type Context, requireViewer } from '../../context.ts'
import { Refusal, refuse } from '../../errors.ts'
import { type Credentials, ownCredentials, verifyPassword } from '../password/credentials.ts'
import { countGuess, ownGuesses } from '../password/guess-limits.ts'
import { findIdentity } from '../provider/resolve-identity.ts'

/** Proof of the owner's identity, beyond a signed-in device. */
export interface Proof {
  password?: string | null
  providerToken?: string | null
}

const freshMs = 5 * 60_000

/** The viewer's credentials, once verified by the password or, for an account without one, by a fresh sign-in. */
export async function verifyOwner(ctx: Context, { password, providerToken }: Proof): Promise<Credentials> {
  const credentials = await ownCredentials(ctx)
  if (credentials.passwordHash !== '') return verifyPassword(ctx, password ?? '')
  if (!(await countGuess(ctx, ownGuesses(ctx), () => isFreshSignIn(ctx, providerToken ?? ''))))
    throw refuse('BAD_CREDENTIALS', 'Sign in at the identity provider again and send its new access token.')
  return credentials
}

async function isFreshSignIn(ctx: Context, token: string): Promise<boolean> {
  if (!ctx.auth.provider?.issued(token)) return false
  const identity = await ctx.auth.provider.verify(token).catch((error: unknown) => {
    // UNAUTHENTICATED would say that the viewer's own session has ended.
    if (error instanceof Refusal && error.code === 'UNAUTHENTICATED') return null
    throw error
  })
  if (!identity) return false
  const { userId } = requireViewer(ctx)
  return (
    (await findIdentity(ctx.sql, identity)) === userId && Date.now() - identity.signedInAt.getTime() < freshMs
  )
}
