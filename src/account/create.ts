import type { Services } from '../context.ts'
import { foldName } from '../platform/language/folding/name.ts'
import type { Tx } from '../transaction.ts'
import { skeletonOf } from './handle.ts'

export interface NewAccount {
  id: string
  handle: string
  displayName: string
  email: string | null
  /** Empty for somebody who signs in elsewhere: no password leads to it. */
  passwordHash: string
}

/** An account with the stream of what changes for it. The handle, or one that looks like it, may be taken: see isUniqueViolation. */
export async function createAccount(
  { hooks }: Pick<Services, 'hooks'>,
  tx: Tx,
  account: NewAccount,
): Promise<void> {
  const derived = { handleSkeleton: skeletonOf(account.handle), foldedName: foldName(account.displayName) }
  await tx.db.user.create({ data: { ...account, ...derived } })
  await tx.db.userStream.create({ data: { userId: account.id } })
  await hooks.run('accountCreated', tx, { userId: account.id })
}
