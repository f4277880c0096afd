import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { embeddedEngine } from '../faults/database/cluster.ts'
import { isRefused } from '../faults/database/resuming.ts'
import { Device } from '../inbox/device.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { json, parlance } from './run.ts'
import { bucket, cluster, dataDir, env, type Place, setsUp } from './stage.ts'

describe('a restore', { timeout: 90_000 }, () => {
  const refuses = async (folder: string, settings: Place, sentence: RegExp) => {
    const { code, stdout, stderr } = await parlance(['restore', folder], settings)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n').findLast((line) => line !== '')).toMatch(sentence)
  }

  test('is refused for damaged backups, another secret or version, and used databases, before it writes anything', async () => {
    const { settings } = await bucket()
    const place = { DATA_DIR: await dataDir(), ...settings }
    const stage = await setsUp(place)
    await stage.stops()
    // Without a server, which starts again below.
    const folder = join(await temporaryFolder(), 'backup')
    expect(await json(['backup', folder, '--media'], env(place))).toMatchObject({
      media: { objects: 1, included: true, missing: 0 },
    })
    await refuses(folder, env(place), /is not empty \(\w+\): create a new database/)
    await stage.startsOn(place)
    expect((await stage.bob.sync()).conversations).toHaveLength(2)
    await refuses(folder, env(place), /^Another server \(process \d+ on .*\) is running on the data folder/)
    await stage.stops()

    const empty = { DATA_DIR: await dataDir() }
    await refuses(await temporaryFolder(), env(empty), /is not a complete backup: it has no manifest\.json/)
    const other =
      /^The backup was made with another auth secret \(fingerprint [0-9a-f]{16}\): set that secret/
    await refuses(folder, { ...empty, AUTH_SECRET: 'x'.repeat(32) }, other)
    await refuses(folder, empty, other)

    const [found] = (await readdir(join(folder, 'media'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    )
    const media = join(found?.parentPath ?? '', found?.name ?? '')
    const text = await readFile(media)
    await writeFile(media, 'other bytes')
    await refuses(folder, env(empty), /media\/.* is damaged: its checksum is another/)
    await writeFile(media, text)
    await appendFile(join(folder, 'tables/message.copy.gz'), ' ')
    await refuses(folder, env(empty), /message\.copy\.gz is damaged: its checksum is another/)
    await rm(join(folder, 'tables/message.copy.gz'))
    await refuses(folder, env(empty), /message\.copy\.gz cannot be read \(ENOENT\)/)
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { version: string }
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, version: '9.0.0' }))
    await refuses(
      folder,
      env(empty),
      /manifest\.json is damaged: its checksum is another\. Nothing was restored\./,
    )
    expect((await parlance(['backup', join(folder, 'again')], empty)).stderr).toMatch(
      /^There is no database in/,
    )
  })

  test('into the same table of the same PostgreSQL begins a new history', async () => {
    const place = { DATABASE_URL: (await cluster(await embeddedEngine())).url, DATA_DIR: await dataDir() }
    const stage = await setsUp(place)
    const folder = join(await temporaryFolder(), 'backup')
    await json(['backup', folder], env(place))
    await stage.talks(2)
    const lost = await Device.of(stage.bob)
    await stage.stops()
    const client = new pg.Client({ connectionString: place.DATABASE_URL })
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
       where relkind = 'r' and nspname = 'public' and relname not in ('_prisma_migrations', 'audit_entry')`,
    )
    await client.query(`truncate ${rows.map(({ name }) => name).join(', ')}`)
    await client.end()
    await json(['restore', folder], env(place))
    await stage.startsOn(place)
    await stage.talks(9)
    await isRefused(stage.bob, lost.cursor)
  })
})
