import type { Services } from '../../context.ts'
import type { IndexLag } from '../../search/indexing/worker.ts'

export interface Readiness {
  ready: boolean
  draining: boolean
  parts: {
    database: 'up' | 'down'
    /** Told, never required; absent without REDIS_URL. */
    redis?: 'up' | 'down'
    /** Told, never required; null while the database does not say. */
    search: IndexLag | null
    sockets: { open: number; most: number }
  }
}

/** Whether new clients should be sent here. */
export interface Health {
  readonly draining: boolean
  drain(): void
  check(): Promise<Readiness>
}

const patienceMs = 1000

export function createHealth(
  { sql, bus, config, search: { worker } }: Services,
  openSockets: () => number,
): Health {
  let draining = false
  let asking: Promise<boolean> | null = null

  // However many ask at once, the database is asked once.
  const databaseIsUp = () => {
    asking ??= answers(sql.query('select 1')).finally(() => {
      asking = null
    })
    return asking
  }

  return {
    get draining() {
      return draining
    },
    drain: () => {
      draining = true
    },
    async check() {
      const up = await databaseIsUp()
      const search = up ? await worker.lag().catch(() => null) : null
      const sockets = { open: openSockets(), most: config.limits.sockets }
      const ready = up && !draining && sockets.open < sockets.most
      const redis = config.redisUrl ? ({ redis: bus.healthy ? 'up' : 'down' } as const) : {}
      return { ready, draining, parts: { database: up ? 'up' : 'down', ...redis, search, sockets } }
    },
  }
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs)
  })
  try {
    return await Promise.race([question.then(() => true), silence])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
