import { expect, onTestFinished, test, vi } from 'vitest'
import { signsUp } from '../faults/attempts.ts'
import { mortalServer } from '../faults/mortal-server.ts'
import { createTestDatabase } from '../setup/database.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { Receiver, webhookSecret } from './receiver.ts'

test('webhooks and jobs of a killed server are repeated without waiting for their leases', async () => {
  const receiver = new Receiver()
  await receiver.start()
  onTestFinished(() => receiver.stop())
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const server = await mortalServer({
    DATABASE_URL: database.url,
    DATA_DIR: await temporaryFolder(),
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET: webhookSecret,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    LIMIT_WEBHOOK_TIMEOUT_MS: '60000',
  })
  const alice = await signsUp(server.url, 'alice')
  await vi.waitFor(() => expect(receiver.of(alice.id)).toEqual(['user.registered']), 15_000)

  // Killed during two requests: one of a job, one of a worker of the outbox.
  receiver.answers = ({ body: { type } }) => (type === 'group.changed' ? {} : { afterMs: 600_000 })
  const bob = await signsUp(server.url, 'bob')
  const { id } = await alice.creates('notes', [])
  const message = await alice.sends(id, 'hello')
  await vi.waitFor(() => {
    expect(receiver.of(bob.id)).toEqual(['user.registered'])
    expect(receiver.of(message.id)).toEqual(['message.sent'])
  }, 15_000)
  await server.dies()

  receiver.answers = () => ({})
  await server.comesBack()
  await vi.waitFor(() => {
    expect(receiver.of(bob.id)).toEqual(['user.registered', 'user.registered'])
    expect(receiver.of(message.id)).toEqual(['message.sent', 'message.sent'])
  }, 15_000)
}, 120_000)
