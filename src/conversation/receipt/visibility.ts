import { loadUser } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import type { MembershipRow } from '../store.ts'

/** Whether two users see each other's read positions: both must have receipts on. */
export async function receiptsBetween(ctx: Context, one: string, other: string): Promise<boolean> {
  const people = await Promise.all([loadUser(ctx, one), loadUser(ctx, other)])
  return people.every((person) => person?.readReceipts)
}

/** The read position of a group member, as the viewer sees it: 0 if either has receipts off. */
export async function shownReadSeq(ctx: Context, { userId, readSeq }: MembershipRow): Promise<number> {
  const viewer = requireViewer(ctx)
  if (viewer.userId === userId || (await receiptsBetween(ctx, viewer.userId, userId))) return readSeq
  return 0
}
