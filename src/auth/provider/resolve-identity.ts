import { randomInt } from 'node:crypto'
import { createAccount } from '../../account/create.ts'
import { handleSchema } from '../../account/handle.ts'
import { displayNameSchema, emailSchema } from '../../account/update-profile.ts'
import type { Services } from '../../context.ts'
import { isUniqueViolation, type Sql } from '../../platform/db/sql.ts'
import { newId } from '../../platform/ids.ts'
import { fold } from '../../platform/language/folding/fold.ts'
import { withTransaction } from '../../transaction.ts'
import { emailIn, type Identity, textIn } from './claims.ts'

const attempts = 8

/** The account of a provider's identity; created at its first use. */
export async function resolveIdentity(services: Services, identity: Identity): Promise<string> {
  const known = await findIdentity(services.sql, identity)
  if (known) return known
  for (let attempt = 0; ; attempt += 1)
    try {
      return await makeAccount(services, identity, attempt)
    } catch (error) {
      // Either the handle is taken, or another request has just created the account.
      if (!isUniqueViolation(error) || attempt >= attempts) throw error
      const made = await findIdentity(services.sql, identity)
      if (made) return made
    }
}

/** The account of a provider's identity; null if there is none yet. */
export async function findIdentity(
  sql: Sql,
  { issuer, subject }: Pick<Identity, 'issuer' | 'subject'>,
): Promise<string | null> {
  const [row] = await sql.query<{ userId: string }>(
    `select user_id as "userId" from identity where issuer = $1 and subject = $2`,
    [issuer, subject],
  )
  return row?.userId ?? null
}

async function makeAccount(services: Services, identity: Identity, attempt: number): Promise<string> {
  const { issuer, subject, claims } = identity
  const handle = handleFor(identity, attempt, services.config.adminHandles)
  const displayName = displayNameSchema.safeParse(textIn(claims, 'name') ?? '')
  const provided = emailIn(claims)
  const email = emailSchema.safeParse(provided?.address ?? '')
  const id = newId()
  await withTransaction(services, async (tx) => {
    await tx.db.identity.create({ data: { issuer, subject, userId: id } })
    await createAccount(services, tx, {
      id,
      handle,
      displayName: displayName.success ? displayName.data : handle,
      email: (email.success && email.data) || null,
      ...(provided?.verified && email.success && email.data !== '' && { emailVerifiedAt: new Date() }),
      passwordHash: '',
    })
  })
  return id
}

/** The provider's name for the user as a valid handle; with a random suffix if it is taken, reserved or a moderator's. */
function handleFor({ claims }: Identity, attempt: number, moderators: readonly string[]): string {
  const preferred =
    textIn(claims, 'preferred_username') ?? textIn(claims, 'nickname') ?? textIn(claims, 'email') ?? ''
  const base = toHandle(preferred)
  if (attempt === 0 && !moderators.includes(base) && handleSchema().safeParse(base).success) return base
  return `${base.slice(0, 24) || 'member'}.${randomLetters()}`
}

function toHandle(preferred: string): string {
  return fold(preferred.replace(/@.*$/, ''))
    .replace(/[^a-z0-9_.-]/g, '')
    .replace(/^[_.-]+|[_.-]+$/g, '')
    .replace(/([_.-])[_.-]+/g, '$1')
    .slice(0, 32)
}

// Letters that do not look like another letter or a digit.
const alphabet = 'abcdefhkpqstxyz'

const randomLetters = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')
