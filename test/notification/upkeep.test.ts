import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { pino } from 'pino'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openPush } from '../../src/notification/provider/open.ts'
import { poolSql } from '../../src/platform/db/sql.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { logsOut } from '../auth/verbs.ts'
import { useWorld, type World } from '../world/world.ts'
import { createGatewayServer } from './servers/gateway.ts'
import { attempts, registersDevice } from './verbs.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())
const world = useWorld({
  ...gateway.env,
  LIMIT_PUSH_DELAY_MS: '0',
  LIMIT_PUSH_ATTEMPT_DAYS: '3',
  METRICS_PORT: '0',
})
const silent = useWorld()

async function inDatabase<Result>({ databaseUrl }: World, work: (pool: pg.Pool) => Promise<Result>) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const select = (where: World, statement: string, params: unknown[] = []) =>
  inDatabase(where, async (pool) => (await pool.query(statement, params)).rows)

/** Runs the nightly task. */
async function runsNightlyTask(): Promise<void> {
  await inDatabase(world, (pool) => addJob(poolSql(pool), 'purgeAttempts', {}))
  const waiting = () =>
    select(world, `select from graphile_worker.jobs where task_identifier = 'purgeAttempts'`)
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), 10_000)
}

describe('the nightly task', () => {
  test('deletes push attempts older than LIMIT_PUSH_ATTEMPT_DAYS only', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const token = randomUUID()
    await registersDevice(bob, 'WEBHOOK', token)
    const { id } = await alice.opens(bob)
    const messages = []
    for (const [text, days] of [
      ['old', 4],
      ['new', 2],
    ] as const) {
      const message = await alice.sends(id, text)
      messages.push(message)
      await vi.waitFor(async () => expect((await attempts(alice, message))[0]?.status).toBe('SENT'), 10_000)
      const age = `update push_attempt set at = now() - make_interval(days => $2) where to_seq = $3 and conversation_id = $1`
      await select(world, age, [id, days, message.seq])
    }
    await runsNightlyTask()
    const [old, recent] = messages
    expect(old && (await attempts(alice, old))).toEqual([])
    expect(recent && (await attempts(alice, recent))).toHaveLength(1)
  })

  test('fails attempts that no worker sent, and deletes tokens of signed-out devices', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id: deviceId } = await registersDevice(bob, 'WEBHOOK', randomUUID())
    const { id } = await alice.opens(bob)
    // As if its provider were no longer configured.
    await select(
      world,
      `insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status, due_at)
       values ($1, $2, $3, 'FCM', 'MESSAGE', $4, 1, 1, 'QUEUED', now() - interval '25 hours')`,
      [randomUUID(), deviceId, bob.id, id],
    )
    await logsOut(bob)
    await runsNightlyTask()
    const found = await select(
      world,
      `select a.status, a.provider_status as why, d.token from push_attempt a join push_device d on d.id = a.device_id
       where d.id = $1`,
      [deviceId],
    )
    expect(found).toEqual([{ status: 'FAILED', why: 'Not sent within a day.', token: null }])
  })
})

test('without a provider messages leave no marks for push', async () => {
  const [alice, bob] = await silent.friends('alice', 'bob')
  await registersDevice(bob, 'WEBHOOK', randomUUID())
  await alice.sends((await alice.opens(bob)).id, 'hello')
  expect(await select(silent, `select name from outbox_topic where name = 'push'`)).toEqual([])
  await expect.poll(() => select(silent, 'select from delivery_mark')).toEqual([])
  expect(await select(silent, `select from outbox_mark where topic = 'push'`)).toEqual([])
  expect(await select(world, `select name from outbox_topic where name = 'push'`)).toHaveLength(1)
})

test.each([
  [{}, 'push disabled, no provider is configured'],
  [gateway.env, 'push enabled'],
])('the start logs whether push is enabled: %j, %s', async (env, line) => {
  const lines: string[] = []
  const log = pino({}, { write: (text) => void lines.push(text) })
  const push = await openPush({
    config: readConfig(env),
    log,
    metrics: createMetrics({ ofProcess: false }),
    tracing: null,
  })
  push.close()
  expect(lines.join()).toContain(line)
})

test('metrics count outcomes of providers and overdue notifications', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  await registersDevice(bob, 'WEBHOOK', randomUUID())
  const lines = async () => (await (await fetch(world.parts.Metrics ?? '')).text()).split('\n')
  gateway.replies.push({ status: 400 })
  await alice.sends((await alice.opens(bob)).id, 'hello')
  await vi.waitFor(
    async () =>
      expect(await lines()).toContain('parlance_push_answers_total{provider="WEBHOOK",outcome="FAILED"} 1'),
    10_000,
  )
  expect(await lines()).toContain('parlance_push_overdue 0')
})
