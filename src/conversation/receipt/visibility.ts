import { loadUser } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { MembershipRow } from '../store.ts'

/** Whether two people see what the other reads: both must have receipts on. */
export async function receiptsBetween(ctx: Context, one: string, other: string): Promise<boolean> {
  const people = await Promise.all([loadUser(ctx, one), loadUser(ctx, other)])
  return people.every((person) => person?.readReceipts)
}

/** A read position as the viewer may know it: 0 where receipts are off on either side. */
export async function shownReadSeq(ctx: Context, { userId, readSeq }: MembershipRow): Promise<number> {
  const viewer = requireViewer(ctx)
  if (viewer.userId === userId || (await receiptsBetween(ctx, viewer.userId, userId))) return readSeq
  return 0
}

/** What was read was delivered; what the viewer may not know to be read is not told in this way either. */
export async function shownDeliveredSeq(ctx: Context, membership: MembershipRow): Promise<number> {
  return Math.max(membership.deliveredSeq, await shownReadSeq(ctx, membership))
}
