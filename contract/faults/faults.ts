import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { anyFate, type Fate } from '../../test/processes/message-filter.ts'
import type { Recorder } from '../history.ts'
import type { Random } from '../random.ts'
import type { Rig } from '../rig/rig.ts'
import type { TcpProxy } from '../rig/tcp-proxy.ts'

/** What is recorded of a fault besides its name. */
export interface Trouble {
  server?: number
  /** Ends the fault; returns what the history keeps of it. */
  heal: () => Promise<Record<string, unknown> | undefined>
}

export interface Fault {
  begin: (rig: Rig, random: Random) => Promise<Trouble>
  /** How long it lasts. */
  lastsMs: [low: number, high: number]
}

/** Removes every key, and disconnects every subscriber. */
async function emptyRedis(url: string): Promise<void> {
  const admin = new Redis(url)
  try {
    await admin.flushall()
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  } finally {
    admin.disconnect()
  }
}

/** A fault in the networks of all servers to one service. */
const network = (
  of: (rig: Rig) => TcpProxy[],
  break_: (proxy: TcpProxy) => void,
  mend: (proxy: TcpProxy) => void,
) => ({
  async begin(rig: Rig): Promise<Trouble> {
    of(rig).forEach(break_)
    return {
      heal: async () => {
        of(rig).forEach(mend)
        return undefined
      },
    }
  },
})

/** A fault in what the bus delivers to all servers. */
const bus = (fateOf: (dice: number) => Fate): Fault => ({
  lastsMs: [2_000, 6_000],
  async begin(rig, random) {
    const dice = random.fork()
    const counts: Record<Fate, number> = { passed: 0, lost: 0, late: 0, doubled: 0 }
    const next = () => {
      const fate = fateOf(dice.below(1_000) / 1_000)
      counts[fate] += 1
      return fate
    }
    for (const proxy of rig.toRedis) proxy.garble(next)
    return {
      heal: async () => {
        for (const proxy of rig.toRedis) proxy.garble(null)
        return { ...counts }
      },
    }
  },
})

const toRedis = (rig: Rig) => rig.toRedis
const toPostgres = (rig: Rig) => rig.toPostgres
const open = (proxy: TcpProxy) => proxy.become('open')

export const faults: Record<string, Fault> = {
  kill: {
    lastsMs: [300, 1_500],
    async begin(rig, random) {
      const server = random.below(rig.servers.length)
      await rig.servers[server]?.kill()
      return { server, heal: async () => void (await rig.servers[server]?.start()) }
    },
  },
  stop: {
    lastsMs: [1_000, 4_000],
    async begin(rig, random) {
      const server = random.below(rig.servers.length)
      rig.servers[server]?.signal('SIGSTOP')
      return { server, heal: async () => void rig.servers[server]?.signal('SIGCONT') }
    },
  },
  term: {
    lastsMs: [100, 500],
    async begin(rig, random) {
      const server = random.below(rig.servers.length)
      const ending = rig.servers[server]?.terminate()
      return {
        server,
        heal: async () => {
          const how = await ending
          await rig.servers[server]?.start()
          return how
        },
      }
    },
  },
  'redis-kill': {
    lastsMs: [500, 3_000],
    async begin(rig) {
      await rig.redis.kill()
      return { heal: async () => void (await rig.redis.start()) }
    },
  },
  'meilisearch-kill': {
    lastsMs: [500, 4_000],
    async begin(rig) {
      await rig.meilisearch?.kill()
      return { heal: async () => void (await rig.meilisearch?.start()) }
    },
  },
  'redis-empty': {
    lastsMs: [100, 500],
    async begin(rig) {
      await emptyRedis(rig.redis.url)
      return { heal: async () => undefined }
    },
  },
  'redis-refuse': { lastsMs: [1_000, 4_000], ...network(toRedis, (proxy) => proxy.become('refusing'), open) },
  'redis-silent': { lastsMs: [1_000, 4_000], ...network(toRedis, (proxy) => proxy.become('silent'), open) },
  'postgres-cut': {
    lastsMs: [50, 200],
    ...network(
      toPostgres,
      (proxy) => proxy.cut(),
      () => {},
    ),
  },
  'postgres-silent': {
    lastsMs: [1_000, 4_000],
    ...network(toPostgres, (proxy) => proxy.become('silent'), open),
  },
  'postgres-refuse': {
    lastsMs: [1_000, 3_000],
    ...network(toPostgres, (proxy) => proxy.become('refusing'), open),
  },
  'postgres-slow': {
    lastsMs: [1_000, 4_000],
    ...network(
      toPostgres,
      (proxy) => proxy.slow(60),
      (proxy) => proxy.slow(0),
    ),
  },
  'bus-lost': bus((dice) => (dice < 0.4 ? 'lost' : 'passed')),
  'bus-doubled': bus((dice) => (dice < 0.4 ? 'doubled' : 'passed')),
  'bus-late': bus((dice) => (dice < 0.4 ? 'late' : 'passed')),
  'bus-garbled': bus(anyFate),
  'postgres-readonly': {
    lastsMs: [1_000, 3_000],
    async begin(rig) {
      await rig.postgres.readOnly(true)
      for (const proxy of rig.toPostgres) proxy.cut()
      return {
        heal: async () => {
          await rig.postgres.readOnly(false)
          for (const proxy of rig.toPostgres) proxy.cut()
          return undefined
        },
      }
    },
  },
  'postgres-crash': {
    lastsMs: [200, 800],
    async begin(rig) {
      const restart = await rig.postgres.crash?.()
      return { heal: async () => void (await restart?.()) }
    },
  },
}

/** The faults that this rig cannot cause, with what it lacks. */
export const lackingFor = (rig: Rig): Record<string, string> => ({
  ...(rig.meilisearch ? {} : { 'meilisearch-kill': 'Meilisearch' }),
  ...(rig.postgres.crash ? {} : { 'postgres-crash': 'a PostgreSQL of its own' }),
})

/** Runs faults one after another until the time is over; each is healed before the next one begins. */
export async function runFaults(
  rig: Rig,
  names: string[],
  random: Random,
  isOver: () => boolean,
  recorder: Recorder,
): Promise<void> {
  // Each once, in a shuffled order, however short the time; then again.
  let left = [...names]
  for (let round = 0; round === 0 || !isOver(); ) {
    await pause(random.between(500, 1_500))
    const [name = ''] = left.splice(random.below(left.length), 1)
    const fault = faults[name]
    if (left.length === 0) {
      left = [...names]
      round += 1
    }
    if (!fault) continue
    recorder.write({ ph: 'fault', name, at: 'begin' })
    const { server, heal } = await fault.begin(rig, random)
    const place = server === undefined ? {} : { server }
    recorder.write({ ph: 'fault', name, at: 'holds', ...place })
    await pause(random.between(...fault.lastsMs))
    recorder.write({ ph: 'fault', name, at: 'heals', ...place })
    const detail = await heal()
    recorder.write({ ph: 'fault', name, at: 'end', ...place, ...(detail ? { detail } : {}) })
  }
}
