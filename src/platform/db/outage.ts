/** Whether an error means that the database is unavailable, and what that says about a write. */
export type Outage = 'nothing written' | 'perhaps written'

/** A database that answers but takes no writes, by SQLSTATE. An operator has to act. */
export const writeFaults: Readonly<Record<string, string>> = {
  '25006': 'read-only',
  '53100': 'disk full',
  '53200': 'out of memory',
  '53400': 'configuration limit exceeded',
  '58030': 'I/O error',
}

// SQLSTATE, Node and Prisma codes. Each of them comes before the first statement or rolls its transaction back.
const nothingWritten = new Set([
  ...Object.keys(writeFaults),
  '40001', // serialization failure
  '40P01', // deadlock
  '53300', // too many connections
  '55P03', // lock not available in time
  '57014', // statement timeout
  '57P03', // cannot connect now
  '25P03', // idle in transaction for too long
  'ECONNREFUSED',
  'ENOTFOUND',
  'P1001', // cannot reach
  'P1002', // reached, but timed out
  'P2024', // no connection of the pool in time
  'P2028', // a transaction could not start or ran out of time
  'P2034', // write conflict or deadlock
])

// The connection ended; if that was during COMMIT, the outcome is unknown.
const lost = new Set([
  '08000',
  '08003',
  '08006',
  '57P01', // ended by an administrator
  '57P02', // the database crashed
  '57P04', // the database was dropped
  'ECONNRESET',
  'EPIPE',
  'P1017', // the server closed the connection
])

// No answer in time, which leaves it unknown as well.
const unanswered = new Set(['ETIMEDOUT', 'P1008'])

// Messages of the driver, which have no code.
const nothingWrittenText =
  /^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/
const lostText = /^Connection (terminated|ended|closed)|is not queryable$|^This socket has been ended/
const unansweredText = /^Query read timeout/

/** The message, or the driver's own that Prisma quotes in it (P2010). */
const driverText = (message: string) => message.match(/Code: `N\/A`\. Message: `(.*)`/s)?.[1] ?? message

/** The error of a transaction that ended before its COMMIT was sent, and so wrote nothing. */
class NotCommitted extends Error {
  override name = 'NotCommitted'
}

/** Notes on an error that happened before the COMMIT was sent that nothing was written. */
export const beforeCommit = (error: unknown): unknown =>
  outageOf(error) === 'perhaps written'
    ? new NotCommitted('The transaction was not committed.', { cause: error })
    : error

/** The error of a request that had committed a change before. */
class Committed extends Error {
  override name = 'Committed'
}

/** Notes on an outage that happened after the COMMIT of a change that the change was made. */
export const afterCommit = (error: unknown): unknown =>
  outageOf(error) ? new Committed('The change was committed before.', { cause: error }) : error

export function outageOf(error: unknown): Outage | null {
  if (error instanceof NotCommitted) return 'nothing written'
  if (error instanceof Committed) return 'perhaps written'
  let found: Outage | null = null
  for (const part of partsOf(error)) {
    // The socket file is missing while the database does not run. Any other missing file is not an outage.
    const isSocketMissing = part.code === 'ENOENT' && part.syscall === 'connect'
    if (isSocketMissing || matches(part, nothingWritten, nothingWrittenText)) found ??= 'nothing written'
    else if (isLost(part) || matches(part, unanswered, unansweredText)) return 'perhaps written'
  }
  return found
}

/** Whether an error means that an established connection to the database ended. */
export const isConnectionLost = (error: unknown): boolean =>
  outageOf(error) === 'perhaps written' && [...partsOf(error)].some(isLost)

const isLost = (part: Part) => matches(part, lost, lostText)

function matches({ code, originalCode, message }: Part, codes: Set<string>, text: RegExp): boolean {
  const known = [code, originalCode].some((value) => typeof value === 'string' && codes.has(value))
  return known || (typeof message === 'string' && text.test(driverText(message)))
}

/** The SQLSTATE of an error of the database; otherwise the first code of the error or its causes. */
export function codeOfError(error: unknown): string | null {
  const codes = [...partsOf(error)].flatMap(({ code, originalCode }) => [originalCode, code])
  const texts = codes.filter((code) => typeof code === 'string')
  return texts.find((code) => /^\d[0-9A-Z]{4}$/.test(code)) ?? texts[0] ?? null
}

/** Whether an error is that of a unique constraint, by its name. Prisma keeps the name in a message only. */
export const violates = (error: unknown, constraint: string): boolean =>
  codeOfError(error) === '23505' &&
  [...partsOf(error)].some((part) =>
    [part.constraint, part.message, part.originalMessage].some((text) => String(text).includes(constraint)),
  )

type Part = Record<string, unknown>

/** The error and its causes. Prisma keeps the error of the driver under `meta`. */
function* partsOf(error: unknown, depth = 0): Generator<Part> {
  if (typeof error !== 'object' || error === null || depth > 6) return
  const part = error as Part
  yield part
  const { cause, meta } = part
  yield* partsOf(cause, depth + 1)
  yield* partsOf((meta as Part | undefined)?.driverAdapterError, depth + 1)
}
