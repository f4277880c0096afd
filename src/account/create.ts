import type { Services } from '../context.ts'
import { foldName } from '../platform/language/folding/name.ts'
import type { Tx } from '../transaction.ts'
import { skeletonOf } from './handle.ts'

export interface NewAccount {
  id: string
  handle: string
  displayName: string
  email: string | null
  /** The identity provider has verified the address. */
  emailVerifiedAt?: Date
  /** Empty if the user signs in at the identity provider: no password matches it. */
  passwordHash: string
}

/** Creates an account and its change stream. Fails with a unique violation if the handle or a look-alike is taken. */
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
