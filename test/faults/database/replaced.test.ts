import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { applyMigrations } from '../../../src/platform/db/migrate.ts'
import { startEmbedded } from '../../../src/platform/postgres/embedded.ts'
import { createTestDatabase } from '../../setup/database.ts'
import { databaseUrl } from '../../setup/database-url.ts'
import { temporaryFolder } from '../../setup/server-process.ts'
import { DatabaseProxy } from './proxy.ts'

const secret = 'a secret for tests that is long enough'

const settings = (databaseUrl: string) =>
  readConfig({ PORT: '0', LOG_LEVEL: 'silent', AUTH_SECRET: secret, DATABASE_URL: databaseUrl })

test('a server stops when another database has taken the place of its own', async () => {
  const database = await createTestDatabase()
  const other = await startEmbedded({
    ...{ dataDir: await temporaryFolder(), maxConnections: 30, durable: false, progress: () => {} },
  })
  const { host, port } = other.connection
  const root = `postgresql://postgres@localhost:${port}/postgres?host=${encodeURIComponent(host)}`
  const name = new URL(database.url).pathname.slice(1)
  const otherUrl = databaseUrl(root, name)
  const proxy = await DatabaseProxy.before(database.url)
  const app = await createApp(settings(proxy.url))
  onTestFinished(async () => {
    await app.close()
    await proxy.close()
    await other.stop()
    await database.drop()
  })

  await withClient(root, (client) => client.query(`create database ${name}`))
  await applyMigrations({ connectionString: otherUrl }, 'prisma/migrations')
  await proxy.goesAway()
  await proxy.comesBack(otherUrl)
  expect((await app.failed).message).toMatch('DATABASE_URL now leads to a different database')
})

async function withClient(connectionString: string, act: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await act(client)
  await client.end()
}
