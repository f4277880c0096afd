import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { graphql } from '../../generated/gql.ts'
import { presenceOf, seesStatus, setsPresence, watches } from '../../presence/verbs.ts'
import { createRedis, installedRedis, type RedisProcess } from '../../setup/redis.ts'
import { spawnServer } from '../../setup/server-process.ts'
import { perform } from '../../world/client.ts'
import { Register } from '../../world/operations.ts'
import { passwordOf } from '../../world/person.ts'
import { hasRedis, useFleet } from '../fleet.ts'

const ReadDegraded = graphql(`
  query ReadDegraded {
    serverInfo {
      degraded
    }
  }
`)

const within = { timeout: 10_000 }

interface Ready {
  degraded: string[]
  parts: { redis: string }
}

async function readyOf(url: string): Promise<Ready> {
  const response = await fetch(`${url}/ready`)
  expect(response.status).toBe(200)
  return (await response.json()) as Ready
}

const redisOf = async (url: string) => (await readyOf(url)).parts.redis

describe.skipIf(!hasRedis || !installedRedis())('a Redis that refuses commands', () => {
  let redis: RedisProcess
  let control: Redis
  beforeAll(async () => {
    redis = await createRedis()
    await redis.start()
    control = new Redis(redis.url)
  })
  afterAll(async () => {
    control.disconnect()
    await redis.kill()
  })
  const fleet = useFleet(
    3,
    {
      LIMIT_PRESENCE_LEASE_MS: '3000',
      LIMIT_PRESENCE_GRACE_MS: '2000',
      LOG_LEVEL: 'warn',
      METRICS_PORT: '0',
    },
    () => redis.url,
  )

  const refusals = {
    OOM: {
      reason: 'out of memory',
      begins: () => control.config('SET', 'maxmemory', '1'),
      ends: () => control.config('SET', 'maxmemory', '0'),
    },
    READONLY: {
      reason: 'read-only replica',
      begins: () => control.call('REPLICAOF', '127.0.0.1', '1'),
      ends: () => control.call('REPLICAOF', 'NO', 'ONE'),
    },
    NOPERM: {
      reason: 'no permission',
      begins: () => control.call('ACL', 'SETUSER', 'default', '-@write'),
      ends: () => control.call('ACL', 'SETUSER', 'default', '+@all'),
    },
  }

  const validLeases = async () => {
    const [seconds] = await control.time()
    return control.zcount('parlance:lease:servers', Number(seconds) * 1_000, '+inf')
  }

  const connections = async () =>
    [...String(await control.client('LIST')).matchAll(/^id=(\d+) .*name=parlance /gm)].map(([, id]) => id)

  test.each(Object.entries(refusals))(
    '%s is reported as degraded, and online friends stay online',
    async (code, { reason, begins, ends }) => {
      const alice = await fleet.person('alice', 0)
      const bob = await fleet.person('bob', 1)
      const carol = await fleet.person('carol', 2)
      await alice.befriends(bob)
      await carol.befriends(bob)
      const inbox = await bob.listens()
      const watch = watches(alice, bob)
      await seesStatus(watch, bob, 'ONLINE')
      const { length } = watch.events
      const { id } = await alice.opens(bob)
      const connected = await connections()
      expect(connected).toHaveLength(3)

      onTestFinished(async () => void (await ends()))
      await begins()
      for (const url of fleet.urls) {
        await expect.poll(() => redisOf(url), within).toBe(reason)
        expect((await readyOf(url)).degraded).toEqual(['live'])
        expect(await perform(url, ReadDegraded, {}, null)).toEqual({ serverInfo: { degraded: ['LIVE'] } })
      }
      await expect.poll(validLeases, within).toBe(0)
      // Carol does not watch Bob, so only Redis knows his status.
      for (const viewer of [alice, carol])
        await expect.poll(async () => (await presenceOf(viewer, bob))?.status).toBe('ONLINE')
      const message = await alice.sends(id, 'during')
      await inbox.sees('MessagesChanged', ({ messages }) => messages.some((each) => each.id === message.id))
      for (const server of fleet.servers) {
        const metrics = await (await fetch(server.output().match(/http:[^\s"]+\/metrics/)?.[0] ?? '')).text()
        const count = metrics.match(new RegExp(`^parlance_redis_refusals_total{code="${code}"} (\\d+)$`, 'm'))
        expect(Number(count?.[1])).toBeGreaterThan(0)
        expect(server.output().split(`"reason":"${reason}"`)).toHaveLength(2)
      }
      const isReconnected = async () => (await connections()).every((each) => !connected.includes(each))
      if (code === 'READONLY') await expect.poll(isReconnected, within).toBe(true)

      await ends()
      for (const url of fleet.urls) {
        await expect.poll(() => redisOf(url), within).toBe('up')
        expect((await readyOf(url)).degraded).toEqual([])
      }
      expect(watch.events, 'bob was never shown offline').toHaveLength(length)
      await setsPresence(bob, 'BUSY')
      await seesStatus(watch, bob, 'BUSY', length)
      expect((await presenceOf(carol, bob))?.status).toBe('BUSY')
      expect(watch.events).toHaveLength(length + 1)
    },
  )

  test('a subscription without permission is reported, and repeated once it is permitted', async () => {
    const [url = ''] = fleet.urls
    await control.call('ACL', 'SETUSER', 'default', '-subscribe')
    await control.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await expect.poll(() => redisOf(url), within).toBe('no permission')
    await control.call('ACL', 'SETUSER', 'default', '+subscribe')
    await expect.poll(() => redisOf(url), within).toBe('up')
    const alice = await fleet.person('alice', 0)
    const bob = await fleet.person('bob', 1)
    const { id } = await alice.opens(bob)
    const inbox = await bob.listens()
    const message = await alice.sends(id, 'after')
    await inbox.sees('MessagesChanged', ({ messages }) => messages.some((each) => each.id === message.id))
  })

  test('the documented ACL permits everything that a server does', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/operations.md'), 'utf8')
    const [, rule = ''] = page.match(/^ACL SETUSER (parlance .*)$/m) ?? []
    await control.call('ACL', 'SETUSER', ...rule.replace('>SECRET', '>secret').split(' '))
    await control.call('ACL', 'LOG', 'RESET')
    const server = spawnServer({
      DATABASE_URL: fleet.databaseUrl,
      REDIS_URL: redis.url.replace('redis://', 'redis://parlance:secret@'),
      AUTH_SECRET: 'a secret for tests that is long enough',
      LIMIT_PRESENCE_LEASE_MS: '3000',
    })
    onTestFinished(async () => {
      server.child.kill('SIGTERM')
      await server.exited()
    })
    const url = await server.ready()
    await expect.poll(() => redisOf(url), within).toBe('up')
    const handle = `dave.${Math.random()
      .toString(36)
      .replace(/[^a-z]/g, '')}`
    const input = { handle, displayName: 'Dave', password: passwordOf(handle) }
    const { register } = await perform(url, Register, { input }, null)
    expect(register.user.id).toBeTruthy()
    await expect.poll(validLeases, within).toBe(4)
    expect(await control.call('ACL', 'LOG')).toEqual([])
    expect(await redisOf(url)).toBe('up')
  })
})
