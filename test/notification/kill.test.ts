import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { isAlive } from '../../src/platform/postgres/process.ts'
import { signsUp } from '../faults/attempts.ts'
import { freePort } from '../faults/free-port.ts'
import { createTestDatabase } from '../setup/database.ts'
import { type ServerProcess, spawnServer, temporaryFolder } from '../setup/server-process.ts'
import { createGatewayServer } from './servers/gateway.ts'
import { attempts, registersDevice } from './verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())

test('after a server is killed every notification is sent, and repeated ones have the same content and tag', async () => {
  const database = await createTestDatabase()
  const env = {
    ...gateway.env,
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    PORT: String(await freePort()),
    DIRECT_MESSAGES_FROM: 'everyone',
    LIMIT_PUSH_DELAY_MS: '0',
    LIMIT_PUSH_TIMEOUT_MS: '20000',
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
  const [alice, bob] = [await signsUp(url, 'alice'), await signsUp(url, 'bob')]
  const token = randomUUID()
  await registersDevice(bob, 'WEBHOOK', token)
  const { id } = await alice.opens(bob)

  // Killed during the request to the provider.
  gateway.replies.push('HANG')
  const first = await alice.sends(id, 'first')
  await gateway.getsFor(token)
  await kill()
  server = spawnServer(env)
  await server.ready()
  expect((await attempts(alice, first)).map(({ status }) => status)).toEqual(['QUEUED'])
  await endLeases(database.url)
  const [once, again] = await gateway.getsFor(token, 2)
  expect(again).toEqual(once)
  await vi.waitFor(async () => expect((await attempts(alice, first))[0]?.status).toBe('SENT'), 10_000)

  // Killed before the message was processed.
  const second = await alice.sends(id, 'second')
  await kill()
  server = spawnServer(env)
  await server.ready()
  await endLeases(database.url)
  expect((await gateway.getsFor(token, 3))[2]).toMatchObject({ body: 'second', tag: once?.tag })
  await vi.waitFor(async () => expect((await attempts(alice, second))[0]?.status).toBe('SENT'), 10_000)
}, 90_000)

/** Ends the leases of the killed server, as time would. */
async function endLeases(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`update push_attempt set due_at = now() where status = 'QUEUED'`)
  await client.end()
}
