import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { updatesProfile } from '../../account/verbs.ts'
import { inDatabase } from '../../auth/verbs.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, createGatewayServer } from '../servers/gateway.ts'
import { changesNotificationSettings, hasVerifiedAddresses, registersDevice } from '../verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())
// Nothing is due during these tests.
const world = useWorld({
  ...gateway.env,
  LIMIT_PUSH_DELAY_MS: '600000',
  LIMIT_DIGEST_DELAY_SECONDS: '600',
})

const rows = <Row extends object>(statement: string, params: unknown[] = []) =>
  inDatabase<Row>(world, statement, params)

/** A connection of a live process with this name. */
async function liveProcess(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: world.databaseUrl, application_name: name })
  await client.connect()
  onTestFinished(() => client.end().catch(() => {}))
  return client
}

/** Leases what is queued for the two users: for the first by a process that has ended, for the second by a live one. */
async function leases(table: 'push_attempt' | 'digest', [first, second]: [string, string]): Promise<void> {
  await vi.waitFor(
    async () =>
      expect(
        await rows(
          `update ${table} set owner = case user_id when $1 then 'ended' else 'alive' end
           where user_id in ($1, $2) and due_at > clock_timestamp() + interval '1 minute'
             and (select count(*) from ${table} where user_id in ($1, $2)) = 2
           returning 1`,
          [first, second],
        ),
      ).toHaveLength(2),
    15_000,
  )
}

test('a notification leased to a process that has ended is sent at once, one leased to a live process is not', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const [toBob, toCarol] = [randomUUID(), randomUUID()]
  await registersDevice(bob, 'WEBHOOK', toBob)
  await registersDevice(carol, 'WEBHOOK', toCarol)
  const { id } = await alice.creates('Team', [bob, carol])
  const alive = await liveProcess('alive')
  await alice.sends(id, 'hello')
  await leases('push_attempt', [bob.id, carol.id])

  await gateway.getsFor(toBob)
  expect(await rows(`select owner from push_attempt where user_id = $1`, [carol.id])).toEqual([
    { owner: 'alive' },
  ])
  await alive.end()
  await gateway.getsFor(toCarol)
  expect(gateway.notificationsFor(toBob)).toHaveLength(1)
})

test('a digest leased to a process that has ended is sent at once, one leased to a live process is not', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const phones = ['+4930123456', '+4930654321']
  for (const [place, person] of [bob, carol].entries()) {
    await updatesProfile(person, { phone: phones[place] ?? '' })
    await hasVerifiedAddresses(world, person)
    await changesNotificationSettings(person, { sms: true, email: false })
  }
  const { id } = await alice.creates('Team', [bob, carol])
  const alive = await liveProcess('alive')
  await alice.sends(id, 'hello')
  await leases('digest', [bob.id, carol.id])

  const texted = () =>
    gateway.received.map(contentOf).flatMap((content) => (content.type === 'sms' ? [content.phone] : []))
  await vi.waitFor(() => expect(texted()).toEqual([phones[0]]), 15_000)
  expect(await rows(`select owner from digest where user_id = $1`, [carol.id])).toEqual([{ owner: 'alive' }])
  await alive.end()
  await vi.waitFor(() => expect(texted()).toEqual(phones), 15_000)
})
