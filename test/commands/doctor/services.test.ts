import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { judgeSpace } from '../../../src/commands/doctor/machine.ts'
import { createRedis, installedRedis } from '../../setup/redis.ts'
import { bucket, dataDir, setsUp } from '../stage.ts'
import { database, examine, unsafe } from './examine.ts'

describe('the doctor', { timeout: 90_000 }, () => {
  test('names settings of other services, and a folder and a secret that servers cannot use', async () => {
    const DATABASE_URL = await database()
    const DATA_DIR = await dataDir()
    const stage = await setsUp({ DATABASE_URL, DATA_DIR })
    await stage.stops()
    const { settings, stop } = await bucket()
    await stop()
    const broken = await examine({
      DATABASE_URL,
      DATA_DIR,
      ...settings,
      AUTH_SECRET: 'another secret that is long enough',
      MEILI_URL: 'http://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      FFMPEG: 'no-such-program',
    })
    expect([...broken.found].sort()).toEqual(
      ['auth secret', unsafe, 'ffmpeg', 'meilisearch', 'redis', 'storage'].sort(),
    )

    const file = join(DATA_DIR, 'a file')
    await writeFile(file, '')
    const { found } = await examine({ DATABASE_URL, DATA_DIR: file })
    expect([...found]).toEqual(expect.arrayContaining(['data folder', 'storage']))
  })

  test('names a disk with less than 1 GiB left', () => {
    expect(judgeSpace('/data', 2 ** 30)).toEqual([])
    expect(judgeSpace('/data', 2 ** 30 - 1)).toMatchObject([
      { level: 'WARNING', problem: 'The disk of /data has less than 1 GiB left.' },
    ])
  })

  test.skipIf(!installedRedis())(
    'names the version, role, policy, memory and permissions of Redis',
    async () => {
      const redis = await createRedis()
      onTestFinished(() => redis.kill())
      await redis.start()
      const admin = new Redis(redis.url)
      onTestFinished(() => admin.disconnect())
      const place = { DATABASE_URL: await database(), DATA_DIR: await dataDir() }
      const problemsOf = async (url: string) =>
        (await examine({ ...place, REDIS_URL: url })).findings
          .filter(({ check }) => check === 'redis')
          .map(({ level, problem }) => `${level} ${problem}`)

      await admin.setrange('large', 20e6, 'x')
      const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1])
      const limits = async (share: number, policy: string) => {
        await admin.config('SET', 'maxmemory-policy', policy)
        await admin.config('SET', 'maxmemory', String(Math.round(used / share)))
      }
      await limits(0.95, 'volatile-ttl')
      expect(await problemsOf(redis.url)).toEqual([
        expect.stringMatching(/^WARNING Redis uses 9[4-6] % of maxmemory\.$/),
      ])
      await limits(0.8, 'volatile-ttl')
      expect(await problemsOf(redis.url)).toEqual([])

      await limits(0.8, 'allkeys-lru')
      const guest = ['on', '>pass', '~parlance:*', 'resetchannels', '+@all', '-@scripting']
      await admin.call('ACL', 'SETUSER', 'guest', ...guest)
      expect(await problemsOf(redis.url.replace('//', '//guest:pass@'))).toEqual([
        'WARNING maxmemory-policy is allkeys-lru: a full Redis refuses writes, or drops what is still used.',
        expect.stringContaining('ERROR Redis refuses EVAL (N'),
        expect.stringContaining('ERROR Redis refuses PUBLISH'),
        expect.stringContaining('ERROR Redis refuses SUBSCRIBE'),
      ])

      await limits(0.8, 'noeviction')
      await admin.call('REPLICAOF', '127.0.0.1', '1')
      const older = await withVersion(redis.url, 6)
      expect(await problemsOf(older)).toEqual([
        expect.stringMatching(/^ERROR Redis is 6\.\d+\.\d+\.$/),
        'ERROR REDIS_URL leads to a replica, which accepts no writes.',
        expect.stringContaining('WARNING maxmemory-policy is noeviction'),
      ])
    },
  )
})

/** The address of a Redis that says that it is an older version. */
async function withVersion(url: string, major: number): Promise<string> {
  const { hostname, port } = new URL(url)
  const relay = createServer((client) => {
    const redis = connect(Number(port), hostname)
    for (const socket of [client, redis]) socket.on('error', () => {})
    client.pipe(redis)
    redis.on('data', (bytes) =>
      client.write(bytes.toString('latin1').replace(/(redis_version:)\d/, `$1${major}`), 'latin1'),
    )
    redis.on('close', () => client.destroy())
    client.on('close', () => redis.destroy())
  })
  onTestFinished(() => void relay.close())
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return `redis://127.0.0.1:${(relay.address() as AddressInfo).port}`
}
