import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useWorld } from '../world/world.ts'
import { ask, codesOf, fetchPath, Wire } from './wire.ts'

const requestMs = 400
const world = useWorld({
  LIMIT_REQUEST_MS: String(requestMs),
  LIMIT_REQUESTS_IN_FLIGHT: '3',
  TEST_LOG_LEVEL: 'silent',
})

let db: pg.Client

beforeAll(async () => {
  db = new pg.Client({ connectionString: world.databaseUrl })
  await db.connect()
})
afterAll(() => db.end())

/** While the work runs, nobody can read or write these. */
async function withLocked(table: string, work: () => Promise<void>): Promise<void> {
  await db.query(`begin; lock table ${table} in access exclusive mode`)
  try {
    await work()
  } finally {
    await db.query('rollback')
  }
}

const profile = '{ me { user { displayName } friends(first: 1) { totalCount } } }'
const rename = 'mutation { updateProfile(input: { displayName: "Ada the Second" }) { id } }'

describe('what takes too long', () => {
  test('a query is given up, and may be tried again', async () => {
    const { accessToken } = (await world.person('ada')).credentials
    await withLocked('"user"', async () => {
      const since = performance.now()
      const answer = await ask(world.url, profile, accessToken)
      expect(performance.now() - since).toBeLessThan(requestMs * 3)
      expect(answer.body.errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    })
  })

  test('a mutation may have happened', async () => {
    const { accessToken } = (await world.person('bob')).credentials
    await withLocked('"user"', async () => {
      const wire = await Wire.ready(world.url, accessToken)
      wire.subscribe('1', rename)
      const [http, socket] = [await ask(world.url, rename, accessToken), { body: await wire.answers('1') }]
      expect([codesOf(http), codesOf(socket)]).toEqual([['OUTCOME_UNKNOWN'], ['OUTCOME_UNKNOWN']])
    })
  })
})

describe('too much at once', () => {
  test('is turned away at the door, over both ways in, and served again afterwards', async () => {
    const { accessToken } = (await world.person('cem')).credentials
    const wire = await Wire.ready(world.url, accessToken)
    let waiting: Promise<unknown>[] = []
    await withLocked('"user"', async () => {
      waiting = [1, 2, 3].map(() => ask(world.url, profile, accessToken))
      await expect
        .poll(async () => (await ask(world.url, '{ __typename }')).status, { interval: 5, timeout: requestMs })
        .toBe(503)
      const refused = await ask(world.url, '{ __typename }')
      expect([codesOf(refused), refused.headers.get('retry-after')]).toEqual([['UNAVAILABLE'], '1'])
      wire.subscribe('1', '{ __typename }')
      expect((await wire.answers('1')).errors?.[0]?.extensions).toMatchObject({
        code: 'UNAVAILABLE',
        retryable: true,
      })
    })
    await Promise.all(waiting)
    await expect.poll(async () => (await ask(world.url, '{ __typename }')).status).toBe(200)
    wire.subscribe('2', '{ __typename }')
    expect((await wire.answers('2')).data).toEqual({ __typename: 'Query' })
  })
})

describe('faults of the server', () => {
  test('are masked, and can be found by their request id', async () => {
    const { accessToken } = (await world.person('dan')).credentials
    await db.query('alter table friendship rename to friendship_gone')
    try {
      const answer = await ask(world.url, profile, accessToken)
      const [error] = answer.body.errors ?? []
      expect(error?.extensions).toEqual({ code: 'INTERNAL', requestId: answer.headers.get('x-request-id') })
      expect(error?.path?.[0]).toBe('me')
      expect(answer.text).not.toMatch(/friendship|relation|select|\.ts/i)
    } finally {
      await db.query('alter table friendship_gone rename to friendship')
    }
  })

  test('a database that is away makes the server busy, not broken, and then well again', async () => {
    const { accessToken } = (await world.person('eva')).credentials
    const name = new URL(world.databaseUrl).pathname.slice(1)
    await db.query(`alter database ${name} allow_connections false`).catch(() => {})
    const admin = db
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'parlance lock'`,
    )
    await expect.poll(async () => (await fetchPath(world.url, '/ready')).status).toBe(200)
    await expect.poll(async () => codesOf(await ask(world.url, profile, accessToken))).toBeUndefined()
  })
})
