import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { inDatabase } from '../../auth/verbs.ts'
import { Device } from '../../inbox/device.ts'
import { randomFrom, Workload } from '../../inbox/workload.ts'
import { createGatewayServer } from '../../notification/servers/gateway.ts'
import { registersDevice } from '../../notification/verbs.ts'
import { finds } from '../../search/verbs.ts'
import { hasPgbouncer, runPgbouncer } from '../../setup/pgbouncer.ts'
import { hasRedis, useFleet } from '../fleet.ts'
import { killedBeforePublishing } from '../kill-before-publish.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())

describe.skipIf(!hasRedis || !hasPgbouncer())('two servers behind PgBouncer in transaction mode', () => {
  // Fewer sessions than the servers have connections, so that each session serves both.
  const sessions = 3
  const fleet = useFleet(
    2,
    {
      ...gateway.env,
      LIMIT_PUSH_DELAY_MS: '0',
      LIMIT_IMMEDIATE_GROUP_SIZE: '3',
      LIMIT_STATEMENT_MS: '90000',
      LIMIT_LOCK_WAIT_MS: '60000',
    },
    undefined,
    async (direct) => {
      const { url, stop } = await runPgbouncer(direct, 'transaction', sessions)
      return { env: { DATABASE_URL: url, DATABASE_DIRECT_URL: direct }, stop }
    },
  )

  test('do the whole main job for several clients at once', async () => {
    const [alice, bob] = [await fleet.person('alice', 0), await fleet.person('bob', 1)]
    const carol = await fleet.person('carol', 0)
    const dave = await fleet.person('dave', 1)
    const direct = await alice.opens(bob)
    const group = await alice.creates('group', [bob, carol, dave])
    const work = new Workload({
      rooms: [
        { id: direct.id, members: [alice, bob, fleet.at(alice, 1)] },
        { id: group.id, members: [alice, bob, carol, dave, fleet.at(bob, 0)] },
      ],
      reader: bob,
      random: randomFrom(7),
    })
    const device = await Device.of(bob)
    await device.opens()
    await work.performs(100)
    await device.becomesComplete()
    device.cut()

    const token = randomUUID()
    await registersDevice(dave, 'WEBHOOK', token)
    const word = `needle${randomUUID().slice(0, 8)}`
    const { seq } = await carol.sends(group.id, `a ${word} in a haystack`)
    await vi.waitFor(() => expect(gateway.notificationsFor(token).length).toBeGreaterThan(0), 20_000)
    expect((await dave.reads(group.id, seq)).readSeq).toBe(seq)
    await vi.waitFor(async () => expect(await finds(dave, word)).toHaveLength(1), 20_000)
  }, 60_000)

  test('share sessions that have the settings of the role and no prepared statements of either', async () => {
    const pooled = await inDatabase<{ name: string; pid: number }>(
      fleet,
      `select application_name as name, pid from pg_stat_activity
       where datname = current_database() and starts_with(application_name, 'pooled ')`,
    )
    expect(pooled.length).toBeGreaterThan(0)
    expect(pooled.length).toBeLessThanOrEqual(sessions)
    const settings = await inDatabase<{ setting: string }>(
      fleet,
      `select unnest(setconfig) as setting from pg_db_role_setting
       where setdatabase = (select oid from pg_database where datname = current_database())`,
    )
    expect(settings.map(({ setting }) => setting)).toEqual(
      expect.arrayContaining(['statement_timeout=90s', 'lock_timeout=1min', 'TimeZone=UTC']),
    )
  })

  test('a message that a killed server committed and did not publish reaches the streams of the other', async () => {
    await killedBeforePublishing(fleet)
  }, 60_000)
})
