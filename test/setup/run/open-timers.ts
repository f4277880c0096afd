interface OpenTimer {
  timer: NodeJS.Timeout & { _destroyed?: boolean; _repeat?: number | null }
  since: number
  made: { stack?: string }
}

type Watched = typeof globalThis & { parlanceTimers?: Set<OpenTimer> }

const watched = globalThis as Watched

// Once in each process, before its first file.
watched.parlanceTimers ??= watch()

function watch(): Set<OpenTimer> {
  const timers = new Set<OpenTimer>()
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const original = globalThis[name]
    const watching = (act: () => void, ms?: number, ...args: []) => {
      const timer = original(act, ms, ...args)
      timers.add({ timer, since: performance.now(), made: placeOf(act, watching) })
      if (timers.size % 10_000 === 0) prune(timers)
      return timer
    }
    globalThis[name] = Object.assign(watching, original) as typeof setTimeout
  }
  return timers
}

const places = new Map<string, { stack?: string }>()

/**
 * The nearest callers of a function, which are looked up once for each text of what the timer does: a stack for each timer
 * would cost a fiftieth of the processor time of all tests.
 */
function placeOf(act: () => void, called: unknown): { stack?: string } {
  const text = String(act)
  const known = places.get(text)
  if (known) return known
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 4
  const place = {}
  Error.captureStackTrace(place, called as () => void)
  Error.stackTraceLimit = limit
  if (!text.includes('[native code]')) places.set(text, place)
  return place
}

function prune(timers: Set<OpenTimer>): void {
  // Node marks a timer that has fired or was cleared.
  for (const one of timers) if (one.timer._destroyed) timers.delete(one)
}

/** Timers of libraries that cannot be cleared and only release memory when they fire. */
const harmless = [
  // A rate-limit count in memory expires.
  /node_modules\/rate-limiter-flexible/,
  // The abort signal of completed jobs.
  /gracefulShutdown \(.*node_modules\/graphile-worker/,
  // The schema engine waits ten seconds for connections that it does not use.
  /platform\/db\/schema-engine/,
  // Data of a component that was unmounted stays in the store for five minutes.
  /node_modules\/react-relay\/lib\/relay-hooks/,
]

/** Timers created since then that have not fired, once for each place that created them. */
export function openTimers(since: number): string[] {
  const timers = watched.parlanceTimers ?? new Set()
  prune(timers)
  const found = [...timers].filter((one) => one.since >= since && !isHarmless(one))
  return [...new Set(found.map(describeTimer))]
}

const isHarmless = ({ made }: OpenTimer) => harmless.some((place) => place.test(made.stack ?? ''))

function describeTimer({ timer, made }: OpenTimer): string {
  const kind = timer._repeat ? 'an interval' : 'a timeout'
  const place = made.stack?.split('\n').slice(1, 4).join('\n') ?? ''
  return `${kind} made\n${place}`
}
