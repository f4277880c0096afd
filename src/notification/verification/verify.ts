import { lockAccount, type UserRow } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import { withTransaction } from '../../transaction.ts'
import { hashOf } from './code.ts'
import { contactOf, deleteCode, takeTry } from './store.ts'

/** Verifies the viewer's e-mail address or phone number by the code that was sent to it. */
export async function verifyContact(ctx: Context, channel: DigestChannel, code: string): Promise<UserRow> {
  const { userId } = requireViewer(ctx)
  const expired = refuse('TOO_LATE', 'The code is no longer valid; request a new one.')
  const stored = await takeTry(ctx.sql, userId, channel)
  if (stored === null) throw expired

  return withTransaction(ctx, async (tx) => {
    const user = await lockAccount(tx.sql, userId)
    const { address } = contactOf(user, channel)
    if (address === null) throw expired
    if (hashOf(ctx, { userId, channel, address, code: code.trim() }) !== stored)
      throw refuse('BAD_CREDENTIALS', 'Incorrect code.')
    if (!(await deleteCode(tx.sql, userId, channel, stored))) throw expired

    const verified = channel === 'EMAIL' ? { emailVerifiedAt: new Date() } : { phoneVerifiedAt: new Date() }
    await tx.db.user.update({ where: { id: userId }, data: verified })
    tx.announce({ userId, kind: 'me', subjectId: userId })
    return { ...user, ...verified }
  })
}
