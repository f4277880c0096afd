import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { applyMigrations } from '../../../src/platform/db/migrate.ts'
import { startEmbedded } from '../../../src/platform/postgres/embedded.ts'
import { InboxSocket } from '../../inbox/socket.ts'
import { createTestDatabase } from '../../setup/database.ts'
import { databaseUrl } from '../../setup/database-url.ts'
import { temporaryFolder } from '../../setup/server-process.ts'
import { refusal } from '../../world/client.ts'
import { Person } from '../../world/person.ts'
import { signsUp } from '../attempts.ts'
import { DatabaseProxy } from './proxy.ts'

const secret = 'a secret for tests that is long enough'

const settings = (databaseUrl: string) =>
  readConfig({ PORT: '0', LOG_LEVEL: 'silent', AUTH_SECRET: secret, DATABASE_URL: databaseUrl })

test('a cursor outlives a restart, and is refused by a database that was restored', async () => {
  const database = await createTestDatabase()
  let app = await createApp(settings(database.url))
  onTestFinished(async () => {
    await app.close()
    await database.drop()
  })
  let alice = await signsUp(app.url, 'alice')
  const cursor = await alice.syncCursor()
  const comesBack = async () => {
    await app.close()
    app = await createApp(settings(database.url))
    alice = new Person(app.url, alice.name, alice, alice.credentials)
  }

  await comesBack()
  expect(await alice.sync(cursor)).toMatchObject({ hasMore: false })

  // As a server finds a copy of yesterday that was put in the place of the database.
  await withClient(database.url, (client) => client.query('update epoch set timeline = timeline + 1'))
  await comesBack()
  expect(await refusal(alice.sync(cursor))).toBe('CONFLICT')
  const inbox = await InboxSocket.open(alice, { after: cursor })
  expect(await inbox.next()).toMatchObject({ __typename: 'ResyncRequired' })
  inbox.cut()
})

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
  expect((await app.failed).message).toMatch('The database is another one now')
})

async function withClient(connectionString: string, act: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await act(client)
  await client.end()
}
