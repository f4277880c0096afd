import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { dataChecks } from '../../../src/commands/doctor/data.ts'
import { embeddedEngine } from '../../faults/database/cluster.ts'
import { databaseUrl } from '../../setup/database-url.ts'
import { hasPgbouncer, startPgbouncer } from '../../setup/pgbouncer.ts'
import { eventually } from '../../world/eventually.ts'
import { parlance } from '../run.ts'
import { cluster, dataDir, env, setsUp } from '../stage.ts'
import { change, database, examine, type Finding, unsafe } from './examine.ts'

/** Statements that drop the check constraints, which prevent some of the faults. */
async function checksOf(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as statement
     from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace`,
  )
  await client.end()
  return rows.map(({ statement }) => statement)
}

/** The server may have stopped before it processed a mark: then it is there, and only its age changes. */
const orAge = (table: string) =>
  `on conflict on constraint ${table}_pkey do update set marked_at = excluded.marked_at`

describe('the doctor', { timeout: 90_000 }, () => {
  test('finds nothing on a healthy server, while it runs and when it is stopped', async () => {
    const place = { DATA_DIR: await dataDir() }
    const stage = await setsUp(place)
    await stage.talks(2)
    await eventually(async () => {
      const { code, findings, checks } = await examine(place)
      expect({ code, findings }).toEqual({ code: 0, findings: [] })
      expect(checks).toBeGreaterThan(20)
    })
    await stage.stops()
    expect(await examine(place)).toMatchObject({ code: 0, findings: [] })
    const { stdout } = await parlance(['doctor'], env(place))
    expect(stdout).toMatch(/^\d+ checks found nothing\.\n$/)
  })

  test('names each rule of the data that is broken, and how to mend it', async () => {
    const url = await database()
    const place = { DATABASE_URL: url, DATA_DIR: await dataDir() }
    const stage = await setsUp(place)
    await stage.talks(3)
    const [direct, group] = stage.rooms
    await eventually(async () => expect((await examine(place)).found).toEqual(new Set([unsafe])))
    await stage.stops()

    const seeds: Record<keyof typeof dataChecks, string> = {
      'message numbers': `delete from message where conversation_id = '${direct}' and seq = 2`,
      'message order': `update message set ordinal = ordinal + 1 where conversation_id = '${direct}' and seq = 3`,
      'message counts': `update conversation set message_count = message_count + 5 where id = '${group}'`,
      'message versions': `update conversation set version = 1 where id = '${group}'`,
      'member counts': `update conversation set member_count = 7 where id = '${group}'`,
      'delivery modes': `update membership set by_clock = not by_clock where conversation_id = '${group}' and user_id = '${stage.bob.id}'`,
      'read positions': `update membership set read_seq = 99 where conversation_id = '${group}' and user_id = '${stage.bob.id}'`,
      streams: `update user_stream set seq = 1 where user_id = '${stage.bob.id}'`,
      delivery: `insert into delivery_mark values ('${group}', 1, 1, now() - interval '2 minutes') ${orAge('delivery_mark')}`,
      search: `insert into outbox_mark values ('search', '${group}', 1, now() - interval '2 minutes') ${orAge('outbox_mark')}`,
      followers: `insert into outbox_mark values ('push', '${group}', 1, now() - interval '20 minutes') ${orAge('outbox_mark')}`,
      jobs: `select graphile_worker.add_job('collectUnusedMedia', '{}'::json, run_at := now() + interval '1 day')`,
    }
    expect(Object.keys(seeds)).toEqual(Object.keys(dataChecks))
    await change(
      url,
      ...(await checksOf(url)),
      ...Object.values(seeds),
      'update graphile_worker._private_jobs set attempts = max_attempts',
    )
    const { code, found, findings } = await examine(place)
    expect(code).toBe(3)
    expect([...found].filter((name) => name !== unsafe)).toEqual(Object.keys(seeds))
    for (const { problem, mend } of findings) expect(mend.length, problem).toBeGreaterThan(10)
    const order = findings.find(({ check }) => check === 'member counts')
    expect(order?.problem).toBe(`member_count is wrong in 1 groups. (${group})`)
  })

  test('finds uploads without bytes, bytes of another size, and bytes without an upload', async () => {
    const place = { DATABASE_URL: await database(), DATA_DIR: await dataDir() }
    const { stops, file } = await setsUp(place)
    await stops()
    const ofMedia = ({ findings }: { findings: Finding[] }) =>
      findings.filter(({ check }) => check !== unsafe)
    const media = join(place.DATA_DIR, 'media')
    const orphan = join(media, 'xx/orphanxx')
    await mkdir(orphan, { recursive: true })
    await writeFile(join(orphan, 'object'), 'bytes')
    const folder = join(media, file.id.slice(-2), file.id)
    const [name = ''] = await readdir(folder)
    await appendFile(join(folder, name), '!')
    const examined = await examine(place)
    expect(examined).toMatchObject({ code: 3 })
    expect(ofMedia(examined)).toMatchObject([
      {
        check: 'bytes of media',
        problem: expect.stringContaining(`another size than their media items: 1 (${file.id}/`),
      },
      {
        check: 'media of bytes',
        level: 'WARNING',
        problem: expect.stringContaining('do not exist: 1 (orphanxx)'),
      },
    ])
    await rm(join(folder, name))
    expect(ofMedia(await examine(place))[0]?.problem).toContain(
      `lacks objects of media items: 1 (${file.id}/`,
    )
    expect([...(await examine(place, '--skip-media')).found]).toEqual([unsafe])
  })

  test('names a database that is missing, not migrated, read-only, without rights or behind a pooler', async () => {
    const unreachable = await examine({
      DATABASE_URL: 'postgresql://127.0.0.1:1/none',
      DATA_DIR: await dataDir(),
    })
    expect(unreachable).toMatchObject({
      code: 3,
      findings: [{ check: 'database', problem: expect.stringMatching(/^The database cannot be reached/) }],
    })

    const own = await cluster(await embeddedEngine())
    const place = { DATABASE_URL: own.url, DATA_DIR: await dataDir() }
    expect((await examine(place)).findings).toMatchObject([
      { check: 'migrations', problem: expect.stringContaining('migrations are not applied') },
    ])
    expect((await parlance(['migrate'], env(place))).code).toBe(0)
    await own.asAdmin('create role guest login', 'alter role guest set default_transaction_read_only = on')
    await change(own.url, 'grant select on all tables in schema public to guest')
    const guest = new URL(own.url)
    guest.username = 'guest'
    const problems = (await examine({ ...place, DATABASE_URL: guest.href })).findings.map(
      ({ problem }) => problem,
    )
    expect(problems).toEqual([
      'The database is read-only.',
      'The role may not create tables, so migrations fail.',
      expect.stringMatching(/^Tables belong to another role \(/),
    ])

    await change(
      own.url,
      `update _prisma_migrations set migration_name = '29990101000000_later' where migration_name like '%auth_secret'`,
    )
    expect((await examine(place)).findings).toMatchObject([
      { check: 'migrations', problem: expect.stringContaining('A newer version of Parlance has migrated') },
    ])
    if (!hasPgbouncer()) return
    const pooled = await startPgbouncer(databaseUrl(own.url, 'parlance'), 'transaction')
    expect((await examine({ ...place, DATABASE_URL: pooled })).found).toContain('pooler')
  })

  test('names an old version, another encoding, a standby, a clock that is off, and what keeps the database from working well', async () => {
    const url = await database()
    const name = new URL(url).pathname.slice(1)
    // What the database says of itself is shadowed: the fault itself would take hours, or another machine.
    const shadow = (call: string, result: string, body: string) =>
      `create function public.${call} returns ${result} language sql as $$ select ${body} $$`
    await change(
      url,
      shadow(
        'current_setting(text)',
        'text',
        `case $1 when 'server_version_num' then '140011' when 'server_version' then '14.11 (Debian)'
           when 'server_encoding' then 'LATIN1' when 'max_connections' then '12' else pg_catalog.current_setting($1) end`,
      ),
      shadow('pg_is_in_recovery()', 'boolean', 'true'),
      shadow('inet_client_addr()', 'inet', `'203.0.113.5'::inet`),
      shadow('clock_timestamp()', 'timestamptz', `pg_catalog.clock_timestamp() + interval '1 minute'`),
      'create table pg_stat_ssl (pid integer, ssl boolean)',
      'create table pg_stat_activity (application_name text, datname name, xact_start timestamptz, pid integer)',
      `insert into public.pg_stat_activity values ('a report', current_database(), now() - interval '2 hours', 0)`,
      'create table broken (id integer primary key)',
      `update pg_index set indisvalid = false where indexrelid = 'broken_pkey'::regclass`,
      `alter database "${name}" set search_path = public, pg_catalog`,
    )
    const { code, findings } = await examine({ DATABASE_URL: url, DATA_DIR: await dataDir() })
    expect(code).toBe(3)
    expect(findings.map(({ check, problem }) => `${check}: ${problem}`)).toEqual([
      'database settings: PostgreSQL is 14.11.',
      'database settings: The database has the encoding LATIN1.',
      expect.stringMatching(/^database settings: fsync.* is off: a crash may lose/),
      'database settings: The database is a standby.',
      expect.stringMatching(
        /^database settings: PostgreSQL accepts 12 connections, and one server uses up to \d+\.$/,
      ),
      'database settings: The connection to the database is not encrypted.',
      expect.stringMatching(/^clock: The clocks of this machine and of the database differ by (59|6\d) s\.$/),
      expect.stringMatching(/^transactions: A transaction of a report has been open for 12\d minutes\.$/),
      'indexes: The index broken_pkey is not valid, so it is not used.',
    ])
    for (const { mend, problem } of findings) expect(mend.length, problem).toBeGreaterThan(10)
  })
})
