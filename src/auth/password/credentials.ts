import { normaliseHandle } from '../../account/handle.ts'
import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { type Refusal, refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { countGuess, ownGuesses } from './guess-limits.ts'

export interface Credentials {
  userId: string
  passwordHash: string
}

const columns = 'id as "userId", password_hash as "passwordHash"'

/** How somebody signs in here; null for whom it is another's to know. */
export async function credentialsOf(sql: Sql, handle: string): Promise<Credentials | null> {
  const [row] = await sql.query<Credentials>(
    `select ${columns} from "user" where handle = $1 and deleted_at is null`,
    [normaliseHandle(handle)],
  )
  return row?.passwordHash ? row : null
}

/** The viewer's credentials; without a password where the viewer signs in at an identity provider. */
export async function ownCredentials(ctx: Context): Promise<Credentials> {
  const { userId } = requireViewer(ctx)
  const [row] = await ctx.sql.query<Credentials>(
    `select ${columns} from "user" where id = $1 and deleted_at is null`,
    [userId],
  )
  if (!row) throw refuse('UNAUTHENTICATED', 'This account is gone.')
  return row
}

/** The viewer's credentials, after the viewer has verified to know the password. */
export async function verifyPassword(ctx: Context, password: string): Promise<Credentials> {
  const credentials = await ownCredentials(ctx)
  const verify = () => ctx.auth.passwords.verify(credentials.passwordHash || null, password)
  if (!(await countGuess(ctx, ownGuesses(ctx), verify)))
    throw refuse('BAD_CREDENTIALS', 'This is not the password.')
  return credentials
}

/** Locks the person, whose password may have been changed while it was being verified: then `refusal` is thrown. */
export async function lockVerified(sql: Sql, verified: Credentials, refusal: Refusal) {
  const user = await lockAccount(sql, verified.userId)
  const [now] = await sql.query<Credentials>(`select ${columns} from "user" where id = $1`, [verified.userId])
  if (now?.passwordHash !== verified.passwordHash) throw refusal
  return user
}
