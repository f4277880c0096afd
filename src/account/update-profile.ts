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

/** An address as people write one; only a letter to it could tell whether it exists. Empty is none. */
export const emailSchema = text({ min: 0, max: 254 }).refine(
  (value) => value === '' || /^[^\s@\p{C}]+@[^\s@\p{C}.]+(\.[^\s@\p{C}.]+)+$/u.test(value),
  'must be an e-mail address',
)

// As people write it, with spaces, dots, dashes and brackets between the digits.
const phoneSchema = text({ min: 0 })
  .transform((value) => value.replace(/[\s().-]/g, ''))
  .refine((value) => value === '' || /^\+[1-9]\d{6,14}$/.test(value), 'must be a number like +4930123456')

const inputSchema = z.object({
  displayName: displayNameSchema.nullish(),
  bio: text({ min: 0, max: 280 }).nullish(),
  email: emailSchema.nullish(),
  phone: phoneSchema.nullish(),
})

/** Changes what is given and leaves the rest; null or an empty text clears all but the name, which it leaves. */
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
    if (JSON.stringify(next) === JSON.stringify(user)) return next

    const { displayName, bio, email, phone, avatarMediaId, avatarKey } = next
    const renamed = displayName !== user.displayName
    // A column with a unique index that is only named takes the lock that waits for whatever refers to the account.
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
    // The rest is nobody else's.
    if (renamed || bio !== user.bio || avatarKey !== user.avatarKey)
      await announceUser(ctx, tx, viewer.userId)
    return next
  })
}

function changed(wanted: string | null | undefined, present: string | null): string | null {
  return wanted === undefined ? present : wanted || null
}
