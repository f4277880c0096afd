import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { vi } from 'vitest'
import { freePort } from '../../setup/free-port.ts'
import { createRedis, type RedisProcess } from '../../setup/redis.ts'

export interface WatchedRedis {
  /** The settings of a server. The first Sentinel of the list does not exist. */
  env: Record<string, string>
  primary: RedisProcess
  stop(): Promise<void>
}

const name = 'chat-primary'

/** A primary, a replica and a Sentinel that promotes the replica half a second after the primary is gone. */
export async function watchedRedis(): Promise<WatchedRedis> {
  const primary = await createRedis()
  await primary.start()
  const { port } = new URL(primary.url)
  const replica = await createRedis('--replicaof', '127.0.0.1', port, '--repl-diskless-sync-delay', '0')
  await replica.start()
  await hasReplica(primary)
  const folder = await mkdtemp(join(tmpdir(), 'parlance-sentinel-'))
  const sentinelPort = await freePort()
  const sentinel = await startSentinel(folder, sentinelPort, port)
  return {
    env: {
      REDIS_URL: `redis://${name}`,
      REDIS_SENTINELS: `127.0.0.1:1, 127.0.0.1:${sentinelPort}`,
    },
    primary,
    async stop() {
      const ended = once(sentinel, 'exit')
      if (sentinel.kill('SIGKILL')) await ended
      await Promise.all([primary.kill(), replica.kill()])
      await rm(folder, { recursive: true })
    },
  }
}

async function startSentinel(folder: string, port: number, primaryPort: string): Promise<ChildProcess> {
  const file = join(folder, 'sentinel.conf')
  await writeFile(
    file,
    `port ${port}
bind 127.0.0.1
dir ${folder}
sentinel monitor ${name} 127.0.0.1 ${primaryPort} 1
sentinel down-after-milliseconds ${name} 500
sentinel failover-timeout ${name} 5000
`,
  )
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' })
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 })
  client.on('error', () => {})
  // After a pause of two seconds a Sentinel does nothing for half a minute. Redis before 7 cannot set it.
  await client.call('SENTINEL', 'DEBUG', 'tilt-trigger', '60000').catch(() => {})
  await vi.waitFor(async () => {
    const replicas = await client.call('SENTINEL', 'REPLICAS', name)
    if ((replicas as unknown[]).length !== 1) throw new Error('The Sentinel does not know the replica.')
  }, 20_000)
  client.disconnect()
  return child
}

async function hasReplica(primary: RedisProcess): Promise<void> {
  const client = new Redis(primary.url)
  await vi.waitFor(async () => {
    if (!(await client.info('replication')).includes('state=online')) throw new Error('There is no replica.')
  }, 20_000)
  client.disconnect()
}
