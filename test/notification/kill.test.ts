import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { updatesProfile } from '../account/verbs.ts'
import { signsUp } from '../faults/attempts.ts'
import { createTestDatabase } from '../setup/database.ts'
import { freePort } from '../setup/free-port.ts'
import { type ServerProcess, spawnServer, temporaryFolder } from '../setup/server-process.ts'
import { createGatewayServer } from './servers/gateway.ts'
import { attempts, changesNotificationSettings, hasVerifiedAddresses, registersDevice } from './verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())

test('after a server is killed every notification and digest is sent without waiting for a lease, with the same content and tag', async () => {
  const database = await createTestDatabase()
  const env = {
    ...gateway.env,
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    PORT: String(await freePort()),
    DIRECT_MESSAGES_FROM: 'everyone',
    LIMIT_PUSH_DELAY_MS: '0',
    // Makes leases longer than this test waits.
    LIMIT_PUSH_TIMEOUT_MS: '60000',
    LIMIT_DIGEST_DELAY_SECONDS: '1',
  }
  let server: ServerProcess = spawnServer(env)
  onTestFinished(async () => {
    if (isAlive(server.pid)) server.child.kill('SIGTERM')
    await server.exited()
    await database.drop()
  })
  const url = await server.ready()
  const kill = async () => {
    server.child.kill('SIGKILL')
    await server.exited()
  }
  const [alice, bob, carol] = [
    await signsUp(url, 'alice'),
    await signsUp(url, 'bob'),
    await signsUp(url, 'carol'),
  ]
  const token = randomUUID()
  await registersDevice(bob, 'WEBHOOK', token)
  const { id } = await alice.opens(bob)

  // Killed during the request to the provider.
  gateway.replies.push('HANG')
  const first = await alice.sends(id, 'first')
  await gateway.getsFor(token)
  await kill()
  expect(await leased(database.url)).toEqual([['push_attempt', true]])
  server = spawnServer(env)
  await server.ready()
  const [once, again] = await gateway.getsFor(token, 2)
  expect(again).toEqual(once)
  await vi.waitFor(async () => expect((await attempts(alice, first))[0]?.status).toBe('SENT'), 10_000)

  // Killed before the message was processed.
  const second = await alice.sends(id, 'second')
  await kill()
  server = spawnServer(env)
  await server.ready()
  expect((await gateway.getsFor(token, 3))[2]).toMatchObject({ body: 'second', tag: once?.tag })
  await vi.waitFor(async () => expect((await attempts(alice, second))[0]?.status).toBe('SENT'), 10_000)

  // Killed during the request for a text message.
  await updatesProfile(carol, { phone: '+4930123456' })
  await hasVerifiedAddresses({ databaseUrl: database.url }, carol)
  await changesNotificationSettings(carol, { sms: true, email: false })
  gateway.replies.push('HANG')
  const third = await alice.sends((await alice.opens(carol)).id, 'third')
  const isText = ({ body }: { body: Buffer }) => body.toString().includes('"sms"')
  await gateway.gets(1, isText)
  await kill()
  expect(await leased(database.url)).toEqual([['digest', true]])
  server = spawnServer(env)
  await server.ready()
  await gateway.gets(2, isText)
  await vi.waitFor(async () => expect((await attempts(alice, third))[0]?.status).toBe('SENT'), 10_000)
}, 120_000)

/** The tables with a lease, and whether it lasts for longer than this test waits. */
async function leased(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const leaseLasts = `due_at > clock_timestamp() + interval '30 seconds'`
  const { rows } = await client.query<{ name: string; lasts: boolean }>(
    `select 'push_attempt' as name, ${leaseLasts} as lasts from push_attempt where owner is not null
     union all select 'digest', ${leaseLasts} from digest where owner is not null`,
  )
  await client.end()
  return rows.map(({ name, lasts }) => [name, lasts])
}
