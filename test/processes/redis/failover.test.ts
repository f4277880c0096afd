import { describe, expect, test } from 'vitest'
import { Device } from '../../inbox/device.ts'
import { randomFrom, Workload } from '../../inbox/workload.ts'
import { installedRedis } from '../../setup/redis.ts'
import { hasRedis, useFleet } from '../fleet.ts'
import { type WatchedRedis, watchedRedis } from './watched.ts'

async function partsOf(url = ''): Promise<{ redis: string }> {
  const { parts } = (await (await fetch(`${url}/ready`)).json()) as { parts: { redis: string } }
  return parts
}

describe.skipIf(!hasRedis || !installedRedis())('two servers with Redis Sentinel', () => {
  let redis: WatchedRedis
  const fleet = useFleet(2, {}, undefined, async () => {
    redis = await watchedRedis()
    return redis
  })
  const states = () => Promise.all(fleet.urls.map(async (url) => (await partsOf(url)).redis))

  test('use the new primary after a failover, and their clients miss nothing', async () => {
    const [alice, bob] = [await fleet.person('alice', 0), await fleet.person('bob', 1)]
    const direct = await alice.opens(bob)
    const group = await alice.creates('group', [bob])
    await expect.poll(states).toEqual(['up', 'up'])
    const work = new Workload({
      rooms: [direct, group].map(({ id }) => ({ id, members: [alice, bob] })),
      reader: bob,
      random: randomFrom(11),
    })
    const device = await Device.of(bob)
    await device.opens()
    await work.performs(20)
    await redis.primary.kill()
    await work.performs(40)
    await expect.poll(states, { timeout: 20_000 }).toEqual(['up', 'up'])
    await work.performs(20)
    await device.becomesComplete()
    device.cut()
    expect(fleet.servers.map((server) => server.output()).join('')).not.toContain('"level":"fatal"')
  }, 60_000)
})

describe.skipIf(!hasRedis)('a server whose Sentinels are all unreachable', () => {
  const fleet = useFleet(1, { REDIS_URL: 'redis://chat-primary', REDIS_SENTINELS: '127.0.0.1:1,127.0.0.1:2' })

  test('starts, and reports redis as down', async () => {
    expect(await partsOf(fleet.urls[0])).toMatchObject({ redis: 'down' })
    const alice = await fleet.person('alice', 0)
    const inbox = await alice.listens()
    const notes = await alice.creates('notes', [])
    await alice.sends(notes.id, 'polled')
    await inbox.sees('MessagesChanged', ({ messages }) =>
      messages.some((each) => each.plainText === 'polled'),
    )
  })
})
