import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createMemoryBus } from '../../src/platform/bus/memory.ts'
import { createMemoryLeases } from '../../src/platform/leases/memory.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { PresenceHub, type Watcher } from '../../src/presence/hub.ts'

const people = Array.from({ length: 10_000 }, (_each, index) => `person${index}`)

const deviceOf = (userId: string) => ({ userId, sessionId: `of.${userId}` })

/** Two servers on one bus that counts messages. */
function twoServers() {
  const bus = createMemoryBus((error) => {
    throw error
  })
  const published: string[] = []
  const counting = {
    ...bus,
    publish(topic: string, message: Parameters<typeof bus.publish>[1]) {
      published.push(topic)
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
  return { published, noted, here: hub(), there: hub() }
}

function watcher(): Watcher & { seen: Set<string> } {
  const seen = new Set<string>()
  return {
    seen,
    viewerId: 'viewer',
    userIds: new Set(people),
    refresh(userIds) {
      for (const userId of userIds) seen.add(userId)
    },
  }
}

afterEach(() => vi.useRealTimers())

test('ten thousand users who connect and disconnect at once cause a few dozen messages between servers', async () => {
  const { published, here, there } = twoServers()
  const distant = watcher()
  there.watch(distant)
  for (const person of people) here.socketOpened(deviceOf(person))
  await vi.waitFor(() => expect(distant.seen.size).toBe(people.length), 5_000)
  expect(await there.devicesOf('person9999')).toEqual(['of.person9999'])
  expect(published.length).toBe(people.length / 500)

  distant.seen.clear()
  for (const person of people) here.socketClosed(deviceOf(person))
  for (const person of people.slice(0, 5_000)) here.socketOpened(deviceOf(person))
  await vi.waitFor(() => expect(distant.seen.size).toBe(5_000), 5_000)
  // Grace periods that end a moment later may need a message of their own.
  expect(published.length, 'a reconnect within the grace period is not published').toBeLessThan(
    (people.length + 5_000) / 500 + 5,
  )
  expect(await there.devicesOf('person9999')).toEqual([])
  expect(await there.devicesOf('person0')).toEqual(['of.person0'])
  await here.close()
  await there.close()
})

test('a connect is stored as last seen within a minute, because a killed server cannot store the disconnect', async () => {
  vi.useFakeTimers()
  const { noted, here, there } = twoServers()
  here.socketOpened(deviceOf('bob'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(noted).toEqual([['bob']])
  await Promise.all([here.close(), there.close()])
})
