/** An error because the database is unavailable or overloaded: whether a write may have been committed. */
export type Outage = 'nothing written' | 'perhaps written'

// SQLSTATE, Node and Prisma codes of errors before the first statement or that roll the transaction back.
const nothingWritten = new Set([
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

// The connection broke, possibly during COMMIT.
const perhapsWritten = new Set([
  '08000',
  '08003',
  '08006',
  '57P01', // ended by an administrator
  '57P02', // the database crashed
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'P1008', // socket timeout
  'P1017', // the server closed the connection
])

// Messages of the driver without a code.
const nothingWrittenText =
  /^timeout exceeded when trying to connect|^Connection terminated due to connection timeout/
const perhapsWrittenText = /^Connection terminated|is not queryable$|^Query read timeout/

export function outageOf(error: unknown): Outage | null {
  let found: Outage | null = null
  for (const part of partsOf(error)) {
    const { code, originalCode, syscall, message } = part
    const codes = [code, originalCode].filter((value) => typeof value === 'string')
    const text = typeof message === 'string' ? message : ''
    // The socket file is missing while the database does not run. Any other missing file is not an outage.
    const isSocketMissing = code === 'ENOENT' && syscall === 'connect'
    if (isSocketMissing || codes.some((value) => nothingWritten.has(value)) || nothingWrittenText.test(text))
      found ??= 'nothing written'
    else if (codes.some((value) => perhapsWritten.has(value)) || perhapsWrittenText.test(text))
      return 'perhaps written'
  }
  return found
}

/** Whether the error is about text that PostgreSQL cannot store: U+0000, which any id from a client may contain. */
export function isUnstorableText(error: unknown): boolean {
  return [...partsOf(error)].some(({ code, originalCode }) => code === '22021' || originalCode === '22021')
}

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
