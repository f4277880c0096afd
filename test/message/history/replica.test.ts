import pg from 'pg'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { signsUp } from '../../faults/attempts.ts'
import { Cluster, debianEngine, embeddedEngine } from '../../faults/database/cluster.ts'
import { cheapHashing } from '../../setup/cheap-hashing.ts'
import { withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { generousLimits } from '../../setup/generous-limits.ts'
import { eventually } from '../../world/eventually.ts'

const engine = (await debianEngine()) ?? (await embeddedEngine())

/** A server on a primary with a streaming standby, and connections to both. */
async function pair() {
  const primary = await Cluster.create(engine)
  onTestFinished(() => primary.remove())
  await primary.stops()
  const standby = await primary.copy({ asStandby: true, streams: true })
  onTestFinished(() => standby.remove())
  await Promise.all([primary.starts(), standby.starts()])
  const config = readConfig({
    PORT: '0',
    AUTH_SECRET: 'a secret for tests that is long enough',
    DATABASE_URL: primary.url,
    DATABASE_REPLICA_URL: standby.url,
    DIRECT_MESSAGES_FROM: 'everyone',
    ...generousLimits,
    ...withoutFfmpeg,
  })
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) })
  const app = await createApp(config, { passwordHashing: cheapHashing, log })
  onTestFinished(() => app.close())
  const connect = async (connectionString: string) => {
    const client = new pg.Client({ connectionString })
    client.on('error', () => {})
    await client.connect()
    onTestFinished(() => client.end())
    return client
  }
  return {
    app,
    lines,
    standby,
    at: { primary: await connect(primary.url), standby: await connect(standby.url) },
  }
}

const first = async (client: pg.Client, text: string, values: unknown[] = []) =>
  Object.values((await client.query(text, values)).rows[0] ?? {})[0]

test('a page of messages comes from the replica unless it lags or fails', { timeout: 120_000 }, async () => {
  const { app, lines, standby, at } = await pair()
  const [alice, bob] = [await signsUp(app.url, 'alice'), await signsUp(app.url, 'bob')]
  const { id: room } = await alice.opens(bob)
  const { id: quiet } = await alice.creates('quiet', [])
  const texts = async (id: string) => (await alice.history(id))?.map((message) => message.plainText)

  const caughtUp = async () => {
    const position = await first(at.primary, 'select pg_current_wal_lsn()::text')
    await eventually(async () =>
      expect(await first(at.standby, 'select pg_last_wal_replay_lsn() >= $1::pg_lsn', [position])).toBe(true),
    )
  }
  /** Pages that the standby was asked for and had. */
  const served = () =>
    first(at.standby, `select idx_tup_fetch::integer from pg_stat_user_tables where relname = 'message'`)

  await alice.sends(room, 'one')
  const two = await bob.sends(room, 'two')
  await alice.sends(quiet, 'note')
  await caughtUp()
  expect(await texts(room)).toEqual(['one', 'two'])
  // Statistics of a session are published when it is idle, after a second at most.
  await eventually(async () => expect(await served()).toBeGreaterThan(0))

  await at.standby.query('select pg_wal_replay_pause()')
  await eventually(async () =>
    expect(await first(at.standby, 'select pg_get_wal_replay_pause_state()')).toBe('paused'),
  )
  await bob.recalls(two)
  expect((await alice.history(room))?.at(-1)?.content.__typename).toBe('RecalledContent')
  await alice.sends(room, 'three')
  await bob.sends(room, 'four')
  expect((await texts(room))?.slice(2)).toEqual(['three', 'four'])
  expect((await texts(quiet))?.at(-1)).toBe('note')

  await at.standby.query('select pg_wal_replay_resume()')
  await caughtUp()
  expect((await texts(room))?.slice(2)).toEqual(['three', 'four'])
  await standby.crashes()
  expect((await texts(room))?.slice(2)).toEqual(['three', 'four'])
  expect((await texts(quiet))?.at(-1)).toBe('note')
  expect(lines.filter((line) => line.includes('replica failed, reading from the primary'))).toHaveLength(1)
})
