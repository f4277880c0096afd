import type { UserRow } from '../../account/store.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** Wrong codes after which a code is invalid. */
export const triesMax = 5
export const codeLifeSeconds = 900

/** The address of a channel, and when it was verified. */
export const contactOf = (user: UserRow, channel: DigestChannel) =>
  channel === 'EMAIL'
    ? { address: user.email, verifiedAt: user.emailVerifiedAt }
    : { address: user.phone, verifiedAt: user.phoneVerifiedAt }

const replace = `
  insert into contact_verification (user_id, channel, code_hash, expires_at)
  values ($1, $2::digest_channel, $3, clock_timestamp() + interval '${codeLifeSeconds} seconds')
  on conflict (user_id, channel) do update
    set code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at
  returning expires_at as "expiresAt"`

/** Stores the hash of a new code, which invalidates the previous one. */
export async function replaceCode(
  sql: Sql,
  userId: string,
  channel: DigestChannel,
  hash: string,
): Promise<Date> {
  const [row] = await sql.query<{ expiresAt: Date }>(replace, [userId, channel, hash])
  return (row as { expiresAt: Date }).expiresAt
}

// Counted before the comparison, so that parallel guesses cannot pass the limit.
const countTry = `
  update contact_verification set tries = tries + 1
  where user_id = $1 and channel = $2::digest_channel and tries < ${triesMax} and expires_at > clock_timestamp()
  returning code_hash as "codeHash"`

/** Counts a try, and returns the hash to compare; null if there is no valid code. */
export async function takeTry(sql: Sql, userId: string, channel: DigestChannel): Promise<string | null> {
  const [row] = await sql.query<{ codeHash: string }>(countTry, [userId, channel])
  return row?.codeHash ?? null
}

/** Deletes a code that was used; false if another one has replaced it. */
export async function deleteCode(
  sql: Sql,
  userId: string,
  channel: DigestChannel,
  hash: string,
): Promise<boolean> {
  const deleted = await sql.query(
    `delete from contact_verification where user_id = $1 and channel = $2::digest_channel and code_hash = $3
     returning user_id`,
    [userId, channel, hash],
  )
  return deleted.length > 0
}
