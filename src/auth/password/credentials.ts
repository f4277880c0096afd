import { normaliseHandle } from '../../account/handle.ts'
import { lockAccount } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { type Refusal, refuse, unauthenticated } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { countGuess, ownGuesses } from './guess-limits.ts'

export interface Credentials {
  userId: string
  passwordHash: string
}

const columns = 'id as "userId", password_hash as "passwordHash"'

/** The credentials of a handle; null if there is no such account or it has no password. */
export async function credentialsOf(sql: Sql, handle: string): Promise<Credentials | null> {
  const [row] = await sql.query<Credentials>(
    `select ${columns} from "user" where handle = $1 and deleted_at is null`,
    [normaliseHandle(handle)],
  )
  return row?.passwordHash ? row : null
}

/** The viewer's credentials; the hash is empty if the viewer signs in at the identity provider. */
export async function ownCredentials(ctx: Context): Promise<Credentials> {
  const { userId } = requireViewer(ctx)
  const [row] = await ctx.sql.query<Credentials>(
    `select ${columns} from "user" where id = $1 and deleted_at is null`,
    [userId],
  )
  if (!row) throw unauthenticated('ENDED', 'This account no longer exists.')
  return row
}

/** The viewer's credentials, once the password is verified; BAD_CREDENTIALS otherwise. */
export async function verifyPassword(ctx: Context, password: string): Promise<Credentials> {
  const credentials = await ownCredentials(ctx)
  const verify = () => ctx.auth.passwords.verify(credentials.passwordHash || null, password)
  if (!(await countGuess(ctx, ownGuesses(ctx), verify)))
    throw refuse('BAD_CREDENTIALS', 'Incorrect password.')
  return credentials
}

/** Locks the user. Throws `refusal` if the password was changed while it was being verified. */
export async function lockVerified(sql: Sql, verified: Credentials, refusal: Refusal) {
  const user = await lockAccount(sql, verified.userId)
  const [now] = await sql.query<Credentials>(`select ${columns} from "user" where id = $1`, [verified.userId])
  if (now?.passwordHash !== verified.passwordHash) throw refusal
  return user
}
