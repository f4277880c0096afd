import pg from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { ask, fetchPath } from '../wire.ts'

const lines: { level: number; code?: string; msg: string }[] = []
const log = pino({ level: 'warn' }, { write: (line) => lines.push(JSON.parse(line)) })
const world = useWorld({}, { log })

let db: pg.Client
let alice: Person
let room: string

beforeAll(async () => {
  db = new pg.Client({ connectionString: world.databaseUrl })
  await db.connect()
  await db.query(`
    create function fail() returns trigger language plpgsql as
    $$ begin raise exception 'no' using errcode = tg_argv[0]; end $$`)
  alice = await world.person('alice')
})
beforeEach(async () => {
  room = (await alice.creates('a room of its own', [])).id
})
afterAll(() => db.end())

/** While the work runs, no message can be stored or changed, for the reason of this SQLSTATE. */
async function withFailingWrites(sqlState: string, work: () => Promise<void>): Promise<void> {
  await db.query(
    `create trigger fail before insert or update on message execute function fail('${sqlState}')`,
  )
  try {
    await work()
  } finally {
    await db.query('drop trigger fail on message')
  }
}

const readiness = async () => {
  const { status, text } = await fetchPath(world.url, '/ready')
  return { status, database: JSON.parse(text).parts.database }
}

const sendMutation = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }'

describe('a database that takes no writes', () => {
  test.each([
    ['53100', 'disk full'],
    ['53200', 'out of memory'],
    ['53400', 'configuration limit exceeded'],
    ['58030', 'I/O error'],
  ])('because of SQLSTATE %s makes mutations UNAVAILABLE and /ready say %s', async (sqlState, reason) => {
    const message = await alice.sends(room, 'before')
    lines.length = 0
    await withFailingWrites(sqlState, async () => {
      const input = {
        conversationId: room,
        clientMessageId: sqlState,
        content: { text: 'refused' },
      }
      const answer = await ask(world.url, sendMutation, alice.credentials.accessToken, { input })
      expect(answer.body.errors?.[0]?.extensions).toEqual({
        code: 'UNAVAILABLE',
        retryable: true,
        retryAfterMs: 5_000,
      })
      expect(await refusal(alice.edits(message, 'refused'))).toBe('UNAVAILABLE')
      expect(await refusal(alice.sends(room, 'refused'))).toBe('UNAVAILABLE')
      expect(await readiness()).toEqual({ status: 503, database: reason })
      expect(await alice.message(message.id)).toMatchObject({ plainText: 'before' })
    })
    expect(lines.filter(({ msg }) => msg === 'database takes no writes').map(({ code }) => code)).toEqual([
      sqlState,
    ])
    expect((await alice.sends(room, 'after')).seq).toBe(message.seq + 1)
  })

  test('because it is read-only makes mutations UNAVAILABLE and /ready say so, until it is writable', async () => {
    const { rows } = await db.query('select current_database() as name')
    const reconnect = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    await db.query(`alter database ${rows[0].name} set default_transaction_read_only = on`)
    await db.query(reconnect)
    await eventually(async () => expect(await refusal(alice.sends(room, 'refused'))).toBe('UNAVAILABLE'))
    await eventually(async () => expect(await readiness()).toEqual({ status: 503, database: 'read-only' }))
    expect(await refusal(alice.creates('refused', []))).toBe('UNAVAILABLE')

    await db.query(`alter database ${rows[0].name} reset default_transaction_read_only`)
    await db.query(reconnect)
    await eventually(async () => expect((await alice.sends(room, 'accepted')).plainText).toBe('accepted'))
  })
})

test('a connection that the database drops with SQLSTATE 57P04 makes a mutation UNAVAILABLE before the COMMIT', async () => {
  await withFailingWrites('57P04', async () => {
    expect(await refusal(alice.sends(room, 'refused'))).toBe('UNAVAILABLE')
  })
})

test('a value that the database rejects is INVALID_INPUT', async () => {
  await withFailingWrites('22003', async () => {
    expect(await refusal(alice.sends(room, 'refused'))).toBe('INVALID_INPUT')
  })
})

describe('session options', () => {
  test('a database whose default isolation is SERIALIZABLE serves sends at once', async () => {
    const { rows } = await db.query('select current_database() as name')
    await db.query(`alter database ${rows[0].name} set default_transaction_isolation = 'serializable'`)
    await db.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`)
    await eventually(async () => expect((await alice.sends(room, 'first')).plainText).toBe('first'))
    const rooms = await Promise.all(['a', 'b', 'c', 'd'].map((name) => alice.creates(name, [])))
    const sends = rooms.flatMap(({ id }) => Array.from({ length: 10 }, (_, n) => alice.sends(id, `${n}`)))
    expect((await Promise.allSettled(sends)).filter(({ status }) => status === 'rejected')).toEqual([])
  })
})
