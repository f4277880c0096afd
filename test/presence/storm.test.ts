import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createMemoryBus } from '../../src/platform/bus/memory.ts'
import { createMemoryLeases } from '../../src/platform/leases/memory.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { PresenceHub, type Watcher } from '../../src/presence/hub.ts'

const people = Array.from({ length: 10_000 }, (_each, index) => `person${index}`)

const deviceOf = (userId: string) => ({ userId, sessionId: `of.${userId}` })

/** Two servers on one bus, which counts what is said on it. */
function twoServers() {
  const bus = createMemoryBus((error) => {
    throw error
  })
  const said: string[] = []
  const counting = {
    ...bus,
    publish(topic: string, message: Parameters<typeof bus.publish>[1]) {
      said.push(topic)
      bus.publish(topic, message)
    },
  }
  const config = readConfig({ LOG_LEVEL: 'silent', LIMIT_PRESENCE_GRACE_MS: '300' })
  const log = createLogger(config)
  const noted: unknown[] = []
  const sql = {
    async query(_statement: string, [userIds]: readonly unknown[] = []) {
      noted.push(userIds)
      return []
    },
  }
  const leases = createMemoryLeases()
  const hub = () => new PresenceHub({ bus: counting, config, log, sql, leases })
  return { said, noted, here: hub(), there: hub() }
}

function watcher(): Watcher & { seen: Set<string> } {
  const seen = new Set<string>()
  return {
    seen,
    viewerId: 'viewer',
    userIds: new Set(people),
    lookAt(userIds) {
      for (const userId of userIds) seen.add(userId)
    },
  }
}

afterEach(() => vi.useRealTimers())

test('ten thousand people who come at once, and go, are some dozens of messages between servers', async () => {
  const { said, here, there } = twoServers()
  const distant = watcher()
  there.watch(distant)
  for (const person of people) here.socketOpened(deviceOf(person))
  await vi.waitFor(() => expect(distant.seen.size).toBe(people.length), 5_000)
  expect(await there.devicesOf('person9999')).toEqual(['of.person9999'])
  expect(said.length).toBe(people.length / 500)

  distant.seen.clear()
  for (const person of people) here.socketClosed(deviceOf(person))
  for (const person of people.slice(0, 5_000)) here.socketOpened(deviceOf(person))
  await vi.waitFor(() => expect(distant.seen.size).toBe(5_000), 5_000)
  // Those whose grace ends a moment later may be a message of their own.
  expect(said.length, 'who came back within the grace is not told of').toBeLessThan(
    (people.length + 5_000) / 500 + 5,
  )
  expect(await there.devicesOf('person9999')).toEqual([])
  expect(await there.devicesOf('person0')).toEqual(['of.person0'])
  await here.close()
  await there.close()
})

test('when somebody came is noted within a minute: of a server that is killed nobody hears when they went', async () => {
  vi.useFakeTimers()
  const { noted, here, there } = twoServers()
  here.socketOpened(deviceOf('bob'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(noted).toEqual([['bob']])
  await Promise.all([here.close(), there.close()])
})
