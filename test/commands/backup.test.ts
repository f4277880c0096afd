import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { debianEngine, embeddedEngine } from '../faults/database/cluster.ts'
import { isRefused, resumes } from '../faults/database/resuming.ts'
import { Device } from '../inbox/device.ts'
import { fetched, looksAt } from '../media/verbs.ts'
import { finds } from '../search/verbs.ts'
import { databaseUrl } from '../setup/database-url.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { eventually } from '../world/eventually.ts'
import { json, parlance } from './run.ts'
import { bucket, cluster, dataDir, env, type Place, type Stage, setsUp } from './stage.ts'

const engines = [await embeddedEngine(), await debianEngine()].filter((engine) => engine !== null)

/** Everything of the backup is there, and cursors of what is lost are refused, also once their numbers are given again. */
async function isRestored(stage: Stage, lost: Device, earlier: Device[]): Promise<void> {
  const { bob, file, talks } = stage
  expect((await fetched((await looksAt(bob, file.id))?.url)).bytes).toEqual(file.bytes)
  await isRefused(bob, lost.cursor)
  await talks(9)
  await isRefused(bob, lost.cursor)
  for (const device of earlier) expect(await resumes(device)).toBe('complete')
  await eventually(async () => expect(await finds(bob, 'beforehand')).toEqual(['beforehand']))
}

describe.each(engines)('a backup of $name', { timeout: 90_000 }, (engine) => {
  test.each(['a folder', 'S3'])(
    'with uploads in %s is restored, and clients miss nothing or get ResyncRequired',
    async (storage) => {
      const source = await cluster(engine)
      const s3 = storage === 'S3' ? (await bucket()).settings : {}
      const place: Place = { DATABASE_URL: source.url, DATA_DIR: await dataDir(), ...s3 }
      const stage = await setsUp(place)
      const { alice, bob, rooms, talks } = stage
      await alice.sends(rooms[0] ?? '', 'beforehand')
      await talks(1)
      const before = await Device.of(bob)
      const folder = join(await temporaryFolder(), 'backup')

      // Alice talks while the backup is written.
      const writing = json(['backup', folder], env(place))
      let isWritten = false
      void writing.finally(() => {
        isWritten = true
      })
      while (!isWritten) await talks(1)
      const report = await writing
      expect(report).toMatchObject({ media: { objects: 1, included: storage === 'a folder', missing: 0 } })
      await talks(2)
      const lost = await Device.of(bob)
      await stage.stops()

      await source.asAdmin('create database restored')
      const target = {
        ...s3,
        DATABASE_URL: databaseUrl(source.url, 'restored'),
        DATA_DIR: storage === 'S3' ? (place.DATA_DIR ?? '') : await dataDir(),
      }
      expect(await json(['restore', folder], env(target))).toMatchObject({
        rows: report.rows,
        media: { objects: 1, missing: 0 },
      })
      await stage.startsOn(target)
      await isRestored(stage, lost, [before])
    },
  )
})

describe('the embedded database', { timeout: 90_000 }, () => {
  test('is backed up beside its server and restored into a new folder', async () => {
    const place = { DATA_DIR: await dataDir() }
    const stage = await setsUp(place)
    const { alice, bob, rooms, talks } = stage
    await alice.sends(rooms[0] ?? '', 'beforehand')
    const before = await Device.of(bob)
    const folder = join(await temporaryFolder(), 'backup')
    await json(['backup', folder], env(place))
    await talks(2)
    const lost = await Device.of(bob)
    await stage.stops()
    const target = { DATA_DIR: await dataDir() }
    await json(['restore', folder], env(target))
    await stage.startsOn(target)
    await isRestored(stage, lost, [before])
  })

  test('is backed up without a server, which can start afterwards', async () => {
    const place = { DATA_DIR: await dataDir() }
    const stage = await setsUp(place)
    await stage.stops()
    const folder = join(await temporaryFolder(), 'backup')
    expect(await json(['backup', folder], env(place))).toMatchObject({ media: { objects: 1 } })
    await stage.startsOn(place)
    expect((await stage.bob.sync()).conversations).toHaveLength(2)
  })

  test('that does not exist is refused', async () => {
    const DATA_DIR = await dataDir()
    const folder = join(await temporaryFolder(), 'backup')
    expect(await parlance(['backup', folder], { DATA_DIR })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no database in .*: set DATABASE_URL or DATA_DIR\.\n$/),
    })
  })
})
