import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { inDatabase } from '../../auth/verbs.ts'
import { DatabaseProxy } from '../../faults/database/proxy.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { createTestDatabase } from '../../setup/database.ts'
import { hasPgbouncer, startPgbouncer } from '../../setup/pgbouncer.ts'
import { hasRedis } from '../fleet.ts'

/** Starts servers behind one pooler, each with a proxy in between. */
async function serversBehindPooler() {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const pooler = await startPgbouncer(database.url, 'transaction')
  const proxies = await Promise.all([DatabaseProxy.before(pooler), DatabaseProxy.before(pooler)])
  for (const proxy of proxies) onTestFinished(() => proxy.close())
  const starts = (proxy: DatabaseProxy): Promise<App> => {
    const config = readConfig({
      ...{ PORT: '0', LOG_LEVEL: 'silent', AUTH_SECRET: 's'.repeat(32), REDIS_URL: inject('redisUrl') ?? '' },
      ...{ DATABASE_URL: proxy.url, DATABASE_DIRECT_URL: database.url },
    })
    const app = createApp(config, { passwordHashing: cheapHashing })
    onTestFinished(() => app.then((started) => started.close()).catch(() => {}))
    return app
  }
  return { database, pooler, proxies, starts }
}

const isReady = async ({ url }: App) => (await fetch(`${url}/ready`)).status === 200

describe.skipIf(!hasRedis || !hasPgbouncer())(
  'a server that starts behind a pooler in transaction mode',
  () => {
    test('waits until another server has ended the sessions without the new settings', async () => {
      const { database, pooler, proxies, starts } = await serversBehindPooler()
      const [first, second] = proxies
      await inDatabase({ databaseUrl: pooler }, 'select')
      first.fallsSilent()
      const one = starts(first)
      // It has set the settings of the role, and waits for a session of the pooler before it ends the others.
      await expect.poll(() => first.connections).toBeGreaterThan(0)
      const other = starts(second)
      const waiting = () =>
        inDatabase(
          { databaseUrl: database.url },
          `select from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        )
      await expect.poll(async () => (await waiting()).length).toBe(1)

      await first.comesBack()
      expect(await isReady(await one)).toBe(true)
      expect(await isReady(await other)).toBe(true)
    })

    test('asks again for a session that another server ended', async () => {
      const { proxies, starts } = await serversBehindPooler()
      const [first, second] = proxies
      await starts(first)
      const ended = second.cutsTheStatementWith('begin')
      expect(await isReady(await starts(second))).toBe(true)
      await ended
    })
  },
)
