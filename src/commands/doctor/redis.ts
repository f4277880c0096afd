import type { Redis } from 'ioredis'
import { connectRedis } from '../../platform/redis/connect.ts'
import { type Check, error, type Found, type ServiceParts, warning } from './finding.ts'

/** Version, role, memory and rights of Redis. */
export const redis: Check<ServiceParts> = async ({ config: { redis: address } }) => {
  if (!address) return []
  const client = connectRedis(address, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const values = valuesOf(await client.info())
    // A replica refuses writes whatever the permissions are.
    const rights = isReplica(values) ? [] : await checkRights(client)
    return [...judge(values), ...rights]
  } catch (fault) {
    return [
      error(
        `Redis cannot be used (${(fault as Error).message}).`,
        'Check REDIS_URL and REDIS_SENTINELS, and that Redis runs. Until then live events are up to two seconds late.',
      ),
    ]
  } finally {
    client.disconnect()
  }
}

type Values = ReadonlyMap<string, string>

const valuesOf = (info: string): Values =>
  new Map(
    info.split('\r\n').flatMap((line) => {
      const [name = '', value] = line.split(':')
      return value === undefined ? [] : [[name, value] as const]
    }),
  )

const isReplica = (values: Values) => values.get('role') === 'slave'

function judge(values: Values): Found[] {
  const version = values.get('redis_version') ?? '0'
  const [limit, used] = [Number(values.get('maxmemory') ?? 0), Number(values.get('used_memory') ?? 0)]
  const policy = values.get('maxmemory_policy') ?? ''
  const found: (Found | false)[] = [
    Number.parseInt(version, 10) < 7 && error(`Redis is ${version}.`, 'Update it to 7 or newer.'),
    isReplica(values) &&
      error('REDIS_URL leads to a replica, which accepts no writes.', 'Set REDIS_URL to the primary.'),
    limit > 0 &&
      policy !== 'volatile-ttl' &&
      warning(
        `maxmemory-policy is ${policy}: a full Redis refuses writes, or drops what is still used.`,
        'Set maxmemory-policy to volatile-ttl.',
      ),
    limit > 0 &&
      used > 0.9 * limit &&
      warning(`Redis uses ${Math.round((used / limit) * 100)} % of maxmemory.`, 'Raise maxmemory.'),
  ]
  return found.filter((each) => each !== false)
}

const key = 'parlance:doctor'

/** Uses what servers use, because the permissions of a user cannot be read by that user. */
async function checkRights(client: Redis): Promise<Found[]> {
  const uses: Record<string, () => Promise<unknown>> = {
    SET: () => client.set(key, '1', 'PX', 1_000),
    EVAL: () => client.eval("return redis.call('get', KEYS[1])", 1, key),
    PUBLISH: () => client.publish(key, ''),
    TIME: () => client.time(),
    SUBSCRIBE: () => client.subscribe(key),
  }
  const found: Found[] = []
  for (const [command, use] of Object.entries(uses))
    await use().catch((fault: Error) => {
      found.push(
        error(
          `Redis refuses ${command} (${fault.message}).`,
          'Give the user the permissions of docs/operations.md.',
        ),
      )
    })
  return found
}
