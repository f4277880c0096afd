import { unauthenticated } from '../errors.ts'
import { arrayOf, columns } from '../platform/db/columns.ts'
import type { User } from '../platform/db/generated/client.ts'
import type { Sql } from '../platform/db/sql.ts'
import { afterLookup, defineLoader, type Lookup } from '../platform/loader.ts'
import { normaliseHandle } from './handle.ts'

export const userFields = [
  'id',
  'handle',
  'displayName',
  'bio',
  'email',
  'phone',
  'emailVerifiedAt',
  'phoneVerifiedAt',
  'readReceipts',
  'avatarMediaId',
  'avatarKey',
  'createdAt',
  'deletedAt',
] as const satisfies readonly (keyof User)[]

export type UserRow = Pick<User, (typeof userFields)[number]>

export const userColumns = columns('u', userFields)

export const loadUser = defineLoader<string, UserRow>(
  (sql, ids) =>
    sql.query(`select ${userColumns} from "user" u where u.id = any(${arrayOf(1, 'text')})`, [ids]),
  (user) => user.id,
)

/** A user whom a stored row names. Rows of users are kept, also those of deleted accounts. */
export function namedUser(ctx: Parameters<typeof loadUser>[0], id: string): Lookup<UserRow> {
  return afterLookup(loadUser(ctx, id), (user) => {
    if (!user) throw new Error(`The user ${id} is missing.`)
    return user
  })
}

const readByHandle = `select ${userColumns} from "user" u where u.handle = $1 and u.deleted_at is null`

/** The active user with this handle; the handle is normalised first. */
export async function findByHandle(sql: Sql, handle: string): Promise<UserRow | null> {
  const [user] = await sql.query<UserRow>(readByHandle, [normaliseHandle(handle)])
  return user ?? null
}

/** An active account; UNAUTHENTICATED if it is deleted. */
export async function requireAccount(sql: Sql, userId: string): Promise<UserRow> {
  return requireActive(await sql.query(readAccount, [userId]))
}

/** Locks an active account, before any other lock. Transactions that only reference the account do not wait for it. */
export async function lockAccount(sql: Sql, userId: string): Promise<UserRow> {
  return requireActive(await sql.query(`${readAccount} for no key update`, [userId]))
}

/** Locks an account for its deletion, also against transactions that reference it. */
export async function lockAccountForDeletion(sql: Sql, userId: string): Promise<UserRow> {
  return requireActive(await sql.query(`${readAccount} for update`, [userId]))
}

const readAccount = `select ${userColumns} from "user" u where u.id = $1 and u.deleted_at is null`

function requireActive([user]: UserRow[]): UserRow {
  if (!user) throw unauthenticated('ENDED', 'This account no longer exists.')
  return user
}
