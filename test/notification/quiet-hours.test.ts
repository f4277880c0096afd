import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { updatesProfile } from '../account/verbs.ts'
import { useProxiedWorld } from '../faults/database/proxied-world.ts'
import type { Person } from '../world/person.ts'
import { createGatewayServer } from './servers/gateway.ts'
import { createMailServer } from './servers/mail.ts'
import {
  changesNotificationSettings,
  hasVerifiedAddresses,
  registersDevice,
  setsQuietHours,
} from './verbs.ts'

const [gateway, mail] = await Promise.all([createGatewayServer(), createMailServer()])
afterAll(async () => {
  await Promise.all([gateway.close(), mail.close()])
})
const { world, proxy } = useProxiedWorld({
  ...gateway.env,
  ...mail.env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_DIGEST_DELAY_SECONDS: '1',
})

const endQuietHours = (person: Person) =>
  changesNotificationSettings(person, { quietFrom: null, quietTo: null })

test('a notification is sent at once if the quiet hours end while it is made to wait for their end', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const token = randomUUID()
  await registersDevice(bob, 'WEBHOOK', token)
  await setsQuietHours(bob)
  const held = proxy().holdsTheStatementWith(['update push_attempt', 'set owner = null, due_at = '], {
    earlier: 0,
  })
  await alice.sends((await alice.opens(bob)).id, 'good night')
  const release = await held
  await endQuietHours(bob)
  release()
  expect(await gateway.getsFor(token)).toMatchObject([{ body: 'good night' }])
})

test('a digest is sent at once if the quiet hours end while it is made to wait for their end', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const email = `${bob.handle}@example.com`
  await updatesProfile(bob, { email })
  await hasVerifiedAddresses(world, bob)
  await setsQuietHours(bob)
  const held = proxy().holdsTheStatementWith(['update digest set owner = null, due_at = '], { earlier: 0 })
  await alice.sends((await alice.opens(bob)).id, 'good night')
  const release = await held
  await endQuietHours(bob)
  release()
  expect((await mail.gets(email))[0]?.text).toContain('good night')
})
