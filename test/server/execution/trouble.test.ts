import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Receiver, webhookSecret } from '../../webhook/receiver.ts'
import { refusal } from '../../world/client.ts'
import { timed } from '../../world/stopwatch.ts'
import { useWorld } from '../../world/world.ts'
import { ask, codesOf, fetchPath, Wire } from '../wire.ts'

const requestMs = 2_000
const censor = new Receiver()
await censor.start()
afterAll(() => censor.stop())
const world = useWorld({
  MESSAGE_HOOK_URL: censor.url,
  LIMIT_MESSAGE_HOOK_MS: '8000',
  WEBHOOK_SECRET: webhookSecret,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  LIMIT_REQUESTS_IN_FLIGHT: '3',
})

let db: pg.Client

beforeAll(async () => {
  db = new pg.Client({ connectionString: world.databaseUrl })
  await db.connect()
})
afterAll(() => db.end())

/** Locks these tables while the work runs. */
async function withLocked(table: string, work: () => Promise<void>): Promise<void> {
  await db.query(`begin; lock table ${table} in access exclusive mode`)
  try {
    await work()
  } finally {
    await db.query('rollback')
  }
}

const profile = '{ me { user { displayName } } friends(first: 1) { edges { cursor } } }'
const name = '{ me { user { displayName } } }'
const rename = 'mutation { updateProfile(input: { displayName: "Ada the Second" }) { me { id } } }'

describe('the request deadline', () => {
  test('a query after the deadline is UNAVAILABLE', async () => {
    const { accessToken } = (await world.person('ada')).credentials
    await withLocked('"user"', async () => {
      const [answer, ms] = await timed(
        world.withDeadline(requestMs, () => ask(world.url, profile, accessToken)),
      )
      expect(ms).toBeLessThan(requestMs * 3)
      expect(answer.body.errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    })
  })

  test('a mutation after the deadline is OUTCOME_UNKNOWN', async () => {
    const { accessToken } = (await world.person('bob')).credentials
    await withLocked('"user"', async () => {
      const wire = await Wire.ready(world.url, accessToken)
      const [http, body] = await world.withDeadline(requestMs, () => {
        wire.subscribe('1', rename)
        return Promise.all([ask(world.url, rename, accessToken), wire.answers('1')])
      })
      expect([codesOf(http), codesOf({ body })]).toEqual([['OUTCOME_UNKNOWN'], ['OUTCOME_UNKNOWN']])
    })
  })
})

describe('a statement that takes too long', () => {
  const impatient = [
    { setting: 'LIMIT_LOCK_WAIT_MS', world: useWorld({ LIMIT_LOCK_WAIT_MS: '100' }) },
    { setting: 'LIMIT_STATEMENT_MS', world: useWorld({ LIMIT_STATEMENT_MS: '500' }) },
  ]

  test.each(impatient)('is UNAVAILABLE after $setting and has written nothing', async ({ world }) => {
    const { accessToken } = (await world.person('fay')).credentials
    const rival = new pg.Client({ connectionString: world.databaseUrl })
    await rival.connect()
    await rival.query('begin; lock table "user" in exclusive mode')
    try {
      expect(codesOf(await ask(world.url, rename, accessToken))).toEqual(['UNAVAILABLE'])
    } finally {
      await rival.end()
    }
    expect((await ask(world.url, name, accessToken)).body.data).toEqual({
      me: { user: { displayName: 'fay' } },
    })
  })
})

describe('an overloaded server', () => {
  test('refuses operations over HTTP and sockets as UNAVAILABLE, and serves them afterwards', async () => {
    const cem = await world.person('cem')
    const { id } = await cem.creates('notes', [])
    const wire = await Wire.ready(world.url, cem.credentials.accessToken)
    let allow = () => {}
    const allowed = new Promise<void>((resolve) => {
      allow = resolve
    })
    censor.answers = () => ({ body: { action: 'allow' }, after: allowed })
    // They run until the message hook has responded, although they were answered at their deadline. A request whose
    // deadline passed before it reached the hook is repeated.
    const isAsked = (text: string) => censor.received.some(({ body }) => JSON.stringify(body).includes(text))
    const reachesHook = async (text: string): Promise<string> => {
      const code = await refusal(cem.sends(id, text))
      return isAsked(text) ? code : reachesHook(text)
    }
    const late = await world.withDeadline(requestMs, () =>
      Promise.all(['one', 'two', 'three'].map(reachesHook)),
    )
    expect(late).toEqual(Array(3).fill('OUTCOME_UNKNOWN'))
    const refused = await ask(world.url, '{ __typename }')
    expect(refused.status).toBe(503)
    expect([codesOf(refused), refused.headers.get('retry-after')]).toEqual([['UNAVAILABLE'], '1'])
    wire.subscribe('1', '{ __typename }')
    expect((await wire.answers('1')).errors?.[0]?.extensions).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    })
    allow()
    await expect.poll(async () => (await ask(world.url, '{ __typename }')).status).toBe(200)
    wire.subscribe('2', '{ __typename }')
    expect((await wire.answers('2')).data).toEqual({ __typename: 'Query' })
  })
})

describe('internal errors', () => {
  test('internal errors are masked and logged with their request id', async () => {
    const { accessToken } = (await world.person('dan')).credentials
    await db.query('alter table friendship rename to friendship_gone')
    try {
      const answer = await ask(world.url, profile, accessToken)
      const [error] = answer.body.errors ?? []
      expect(error?.extensions).toEqual({ code: 'INTERNAL', requestId: answer.headers.get('x-request-id') })
      expect(error?.path).toEqual(['friends'])
      expect(answer.text).not.toMatch(/friendship|relation|select|\.ts/i)
    } finally {
      await db.query('alter table friendship_gone rename to friendship')
    }
  })

  test('a database connection that breaks before the COMMIT makes queries and mutations UNAVAILABLE', async () => {
    const { accessToken } = (await world.person('eva')).credentials
    await withLocked('"user"', async () => {
      const asked = timed(
        Promise.all([ask(world.url, name, accessToken), ask(world.url, rename, accessToken)]),
      )
      await expect.poll(breakWaiting, { interval: 10 }).toBe(2)
      const [[query, mutation], ms] = await asked
      expect(ms).toBeLessThan(requestMs)
      expect([codesOf(query), codesOf(mutation)]).toEqual([['UNAVAILABLE'], ['UNAVAILABLE']])
    })
    await expect.poll(async () => codesOf(await ask(world.url, profile, accessToken))).toBeUndefined()
    expect((await fetchPath(world.url, '/ready')).status).toBe(200)
  })
})

/** Ends the connections that wait for a lock once both wait; returns how many. */
async function breakWaiting(): Promise<number> {
  const { rows } = await db.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  if (rows.length === 2)
    await db.query('select pg_terminate_backend(pid) from unnest($1::int[]) as p (pid)', [
      rows.map(({ pid }) => pid),
    ])
  return rows.length
}
