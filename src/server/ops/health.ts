import type { Services } from '../../context.ts'
import { startPatience } from '../../platform/time/patience.ts'
import type { IndexLag } from '../../search/indexing/worker.ts'
import { degradedFeatures } from '../../server-info/degraded.ts'

export interface Readiness {
  ready: boolean
  draining: boolean
  /** As in `serverInfo.degraded`. */
  degraded: string[]
  parts: {
    /** `up`, `down`, or why it takes no writes, such as `disk full`. */
    database: string
    /** Reported, not required: `up`, `down`, or why Redis refuses commands. Absent without REDIS_URL. */
    redis?: string
    /** Informative, never required; null while the database does not respond. */
    search: IndexLag | null
    sockets: { open: number; most: number }
  }
}

/** Whether the server accepts new clients. */
export interface Health {
  readonly draining: boolean
  drain(): void
  check(): Promise<Readiness>
}

const patienceMs = 1000

export function createHealth(
  { sql, bus, config, outages, search: { worker } }: Services,
  openSockets: () => number,
): Health {
  let draining = false
  let asking: Promise<string> | null = null

  // Concurrent requests share one query.
  const databaseState = () => {
    asking ??= withinPatience(readState(), 'down').finally(() => {
      asking = null
    })
    return asking
  }

  async function readState(): Promise<string> {
    const [state] = await sql.query<{ isReadOnly: boolean }>(readReadOnly)
    if (state?.isReadOnly) return 'read-only'
    return outages.writeFault?.reason ?? 'up'
  }

  return {
    get draining() {
      return draining
    },
    drain: () => {
      draining = true
    },
    async check() {
      const database = await databaseState()
      const search = database === 'down' ? null : await withinPatience(worker.lag(), null)
      const sockets = { open: openSockets(), most: config.limits.sockets }
      const ready = database === 'up' && !draining && sockets.open < sockets.most
      const redis = config.redis ? { redis: bus.healthy ? 'up' : (bus.refusal ?? 'down') } : {}
      const degraded = degradedFeatures({ bus, search: { worker } })
      return { ready, draining, degraded, parts: { database, ...redis, search, sockets } }
    },
  }
}

const readReadOnly = `select current_setting('transaction_read_only') = 'on' as "isReadOnly"`

/** The result, or `otherwise` if it fails or takes too long. */
function withinPatience<Answer, Otherwise>(
  answer: Promise<Answer>,
  otherwise: Otherwise,
): Promise<Answer | Otherwise> {
  return new Promise((resolve) => {
    const cancel = startPatience(patienceMs, () => resolve(otherwise))
    answer.then(resolve, () => resolve(otherwise)).finally(cancel)
  })
}
