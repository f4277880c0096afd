import { z } from 'zod'
import { type Context, requireViewer } from '../context.ts'
import { foldName } from '../platform/language/folding/name.ts'
import { name, text } from '../platform/text.ts'
import { check } from '../platform/validation.ts'
import { withTransaction } from '../transaction.ts'
import { announceUser } from './announce.ts'
import { nextAvatar } from './avatar.ts'
import { lockAccount, type UserRow } from './store.ts'

export interface UpdateProfileInput {
  displayName?: string | null
  bio?: string | null
  avatarMediaId?: string | null
  email?: string | null
  phone?: string | null
}

export const displayNameSchema = name({ max: 64 })

/** The syntax of an e-mail address; empty is none. Only a sent mail can show whether the address exists. */
export const emailSchema = text({ min: 0, max: 254 }).refine(
  (value) => value === '' || /^[^\s@\p{C}]+@[^\s@\p{C}.]+(\.[^\s@\p{C}.]+)+$/u.test(value),
  'must be an e-mail address such as alice@example.org',
)

// Spaces, dots, dashes and brackets between the digits are allowed.
const phoneSchema = text({ min: 0 })
  .transform((value) => value.replace(/[\s().-]/g, ''))
  .refine(
    (value) => value === '' || /^\+[1-9]\d{6,14}$/.test(value),
    'must be a phone number with country code, such as +4930123456',
  )

const inputSchema = z.object({
  displayName: displayNameSchema.nullish(),
  bio: text({ min: 0, max: 280 }).nullish(),
  email: emailSchema.nullish(),
  phone: phoneSchema.nullish(),
})

/** Updates the given fields. null or an empty text clears a field. */
export async function updateProfile(ctx: Context, input: UpdateProfileInput): Promise<UserRow> {
  const viewer = requireViewer(ctx)
  const wanted = check(inputSchema, input, 'input')

  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, viewer.userId)
    const next: UserRow = {
      ...user,
      displayName: wanted.displayName ?? user.displayName,
      bio: changed(wanted.bio, user.bio),
      email: changed(wanted.email, user.email),
      phone: changed(wanted.phone, user.phone),
      ...(await nextAvatar(ctx, tx, viewer.userId, user, input.avatarMediaId)),
    }
    // As the database does by a trigger.
    if (next.email !== user.email) next.emailVerifiedAt = null
    if (next.phone !== user.phone) next.phoneVerifiedAt = null
    if (JSON.stringify(next) === JSON.stringify(user)) return next

    const { displayName, bio, email, phone, avatarMediaId, avatarKey } = next
    const renamed = displayName !== user.displayName
    // Naming a uniquely indexed column takes a row lock that waits for every transaction that references the account.
    const data = {
      bio,
      email,
      phone,
      ...(renamed ? { displayName, foldedName: foldName(displayName) } : {}),
      ...(avatarKey !== user.avatarKey ? { avatarMediaId, avatarKey } : {}),
    }
    await tx.db.user.update({ where: { id: viewer.userId }, data })
    if (user.avatarMediaId && avatarMediaId !== user.avatarMediaId)
      await ctx.hooks.run('avatarReleased', tx, { mediaId: user.avatarMediaId })

    tx.announce({ userId: viewer.userId, kind: 'me', subjectId: viewer.userId })
    // Contact data is private: no announcement to others.
    if (renamed || bio !== user.bio || avatarKey !== user.avatarKey)
      await announceUser(ctx, tx, viewer.userId)
    return next
  })
}

function changed(wanted: string | null | undefined, present: string | null): string | null {
  return wanted === undefined ? present : wanted || null
}
