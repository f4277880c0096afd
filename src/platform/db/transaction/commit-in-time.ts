import { refuse } from '../../../errors.ts'
import type { Prisma } from '../generated/client.ts'
import { codeOfError } from '../outage.ts'

export const deadlinePassed = () =>
  refuse('UNAVAILABLE', 'The deadline of the request passed; nothing was changed.')

/**
 * SQL: commits unless the deadline of the request has passed; a retry that is refused afterwards is then final. The check
 * and the commit are one message, so that no pause comes between them. `leftMs` is the time that was left once the
 * transaction had begun: its age is compared, because that time was measured by another clock.
 */
export const commitStatement = (leftMs: number) =>
  `select 1 / (clock_timestamp() < now() + interval '${Math.floor(leftMs)} milliseconds')::integer; commit`

/** Whether `commitStatement` failed because the deadline had passed, which leaves the transaction to be rolled back. */
export const isTooLate = (error: unknown): boolean => codeOfError(error) === '22012'

/** The end of a transaction of Prisma, whose own COMMIT has no effect afterwards. */
export async function commitInTime(db: Prisma.TransactionClient, leftMs: number): Promise<void> {
  try {
    await db.$executeRawUnsafe(commitStatement(leftMs))
  } catch (error) {
    throw isTooLate(error) ? deadlinePassed() : error
  }
}
