import type pg from 'pg'
import { type Child, startChild } from './child.ts'
import type { Place } from './place.ts'
import type { Memory, ProbeHandlers } from './probe.ts'
import { processorTimeOfFamily } from './processor-time.ts'

/** CPU time in microseconds; null if unknown. */
export interface Cost {
  server: number
  database: number | null
}

/** A server in a process of its own, Parlance or the floor. */
export interface Server {
  url: string
  cost(): Promise<Cost>
  memory(): Promise<Memory>
  /** Writes a CPU profile of the work, if a file is given. */
  profiled<Result>(file: string | null, work: () => Promise<Result>): Promise<Result>
  stop(): Promise<void>
}

export const authSecret = 'a secret of the bench, of no use elsewhere'

export interface ParlanceServer extends Server {
  connection: pg.ClientConfig
  /** The value of one of its metrics, if it was started with METRICS_PORT. */
  metric(name: string): Promise<number>
}

/** Parlance as `npm start` runs it, with higher rate limits, because the load comes from few devices. */
export async function startParlance(
  place: Place,
  more: Record<string, string> = {},
): Promise<ParlanceServer> {
  const env = {
    ...place.env,
    DATA_DIR: place.dataDir,
    AUTH_SECRET: authSecret,
    PORT: '0',
    LOG_LEVEL: 'warn',
    LIMIT_SOCKETS_PER_DEVICE: '100',
    LIMIT_SOCKETS_PER_BROWSER: '100',
    LIMIT_SENDS_PER_SECOND: '1000000',
    LIMIT_SOCKET_MESSAGES_PER_SECOND: '1000000',
    LIMIT_SOCKET_MESSAGE_BURST: '1000000',
    LIMIT_SEND_BURST: '1000000',
    LIMIT_SAME_TEXT_CONVERSATIONS: '1000000',
    LIMIT_CLOSE_SPREAD_MS: '0',
    ...more,
  }
  const child = startProbed('bench/load/parlance.ts', env)
  const server = await serverOf(child, async () => (await place.database()).pid)
  return {
    ...server,
    connection: (await place.database()).connection,
    async metric(name) {
      const response = await fetch(await child.prints(/"Metrics":"([^"]+)"/))
      const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `))
      return Number(line?.split(' ')[1])
    },
  }
}

export const startRawServer = (): Promise<Server> =>
  startServer('bench/load/raw-server.ts', {}, async () => null)

/** The floor of reads, on the same database. */
export const startPageServer = (connection: pg.ClientConfig): Promise<Server> =>
  startServer(
    'bench/reads/page-server.ts',
    { FLOOR_CONNECTION: JSON.stringify(connection) },
    async () => null,
  )

/** The floor of 1:1 messages, in a schema of its own of the same database. */
export const startFloorServer = (connection: pg.ClientConfig, pairs: number): Promise<Server> =>
  startServer(
    'bench/pairs/floor/server.ts',
    { FLOOR_CONNECTION: JSON.stringify(connection), FLOOR_PAIRS: String(pairs) },
    async () => null,
  )

const startServer = (file: string, env: Record<string, string>, databasePid: () => Promise<number | null>) =>
  serverOf(startProbed(file, env), databasePid)

const startProbed = (file: string, env: Record<string, string>): Child<ProbeHandlers> =>
  startChild<ProbeHandlers>(file, { execArgv: ['--max-semi-space-size=64', '--expose-gc'], env })

async function serverOf(
  child: Child<ProbeHandlers>,
  databasePid: () => Promise<number | null>,
): Promise<Server> {
  const url = await child.prints(/(?:HTTP +|"http":")(http:\/\/[^/\s]+)\//)
  const pid = await databasePid()
  return {
    url,
    cost: async () => ({ server: await child.ask('cpu'), database: processorTimeOfFamily(pid) }),
    memory: () => child.ask('memory'),
    async profiled(file, work) {
      if (!file) return work()
      await child.ask('startProfile')
      const result = await work()
      await child.ask('saveProfile', file)
      return result
    },
    stop: child.stop,
  }
}
