import type { Logger } from 'pino'
import { codeOfError, type Outage, outageOf, writeFaults } from './outage.ts'

/** Why the database takes no writes. */
export interface WriteFault {
  sqlState: string
  reason: string
}

interface Period {
  timer: NodeJS.Timeout
  /** How often it happened since it was logged last. */
  count: number
}

const periodMs = 60_000
// The workers of the queue write every five seconds, so a fault that lasts is noted again.
const faultMs = 15_000

/** The outages of the database: each kind is logged at once, and then once a minute with a count. */
export class Outages {
  readonly #log: Logger
  readonly #periods = new Map<string, Period>()
  #fault: { code: string; at: number } | null = null

  constructor(log: Logger) {
    this.#log = log
  }

  /** Why the database took no writes lately; null when it takes them. */
  get writeFault(): WriteFault | null {
    if (!this.#fault || performance.now() - this.#fault.at > faultMs) return null
    const { code } = this.#fault
    return { sqlState: code, reason: writeFaults[code] ?? code }
  }

  /** An error that a connection to the database received, by its SQLSTATE. */
  note(sqlState: string | undefined): void {
    if (!sqlState || !(sqlState in writeFaults)) return
    this.#fault = { code: sqlState, at: performance.now() }
  }

  /** Whether an error of an operation is an outage, which is then logged. */
  report(error: unknown, fields: { requestId: string; path: unknown }): Outage | null {
    const outage = outageOf(error)
    if (!outage) return null
    const code = codeOfError(error) ?? 'none'
    const period = this.#periods.get(code)
    if (period) period.count += 1
    else {
      this.#warn(code, { ...fields, err: error })
      this.#begin(code)
    }
    return outage
  }

  /** How long a client waits before it retries. */
  get retryAfterMs(): number {
    return this.writeFault ? 5_000 : 1_000
  }

  close(): void {
    for (const [code, { timer, count }] of this.#periods) {
      clearTimeout(timer)
      if (count > 0) this.#warn(code, { count })
    }
    this.#periods.clear()
  }

  #begin(code: string): void {
    const timer = setTimeout(() => {
      const { count } = this.#periods.get(code) as Period
      this.#periods.delete(code)
      if (count === 0) return
      this.#warn(code, { count })
      this.#begin(code)
    }, periodMs)
    this.#periods.set(code, { timer: timer.unref(), count: 0 })
  }

  #warn(code: string, fields: object): void {
    const reason = writeFaults[code]
    if (reason) this.#log.error({ ...fields, code, reason }, 'database takes no writes')
    else this.#log.warn({ ...fields, code }, 'database unavailable')
  }
}
