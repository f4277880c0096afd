import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { movedFile } from '../../src/platform/postgres/moved.ts'
import { resumes } from '../faults/database/resuming.ts'
import { Device } from '../inbox/device.ts'
import { fetched, looksAt } from '../media/verbs.ts'
import { finds } from '../search/verbs.ts'
import { createTestDatabase } from '../setup/database.ts'
import { eventually } from '../world/eventually.ts'
import { json, parlance } from './run.ts'
import { bucket, dataDir, env, setsUp } from './stage.ts'

test('a move off the embedded database keeps sessions, cursors, uploads and search', {
  timeout: 90_000,
}, async () => {
  const place = { DATA_DIR: await dataDir() }
  const stage = await setsUp(place)
  const { alice, bob, rooms, file, talks } = stage
  await alice.sends(rooms[0] ?? '', 'beforehand')
  const away = await Device.of(bob)
  await talks(2)
  const uptodate = await Device.of(bob)
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const moving = ['move', '--to', database.url]
  expect((await parlance(moving, env(place))).stderr).toMatch(
    /is running on the data folder .* Stop it first/,
  )
  await stage.stops()
  expect(await json(moving, env(place))).toMatchObject({ to: expect.stringContaining('PostgreSQL at') })

  await expect(stage.startsOn(place)).rejects.toThrow(
    /was moved to PostgreSQL at .*: set DATABASE_URL, or remove/,
  )
  await stage.startsOn({ ...place, DATABASE_URL: database.url })
  expect((await fetched((await looksAt(bob, file.id))?.url)).bytes).toEqual(file.bytes)
  expect(await resumes(uptodate)).toBe('complete')
  expect(await resumes(away)).toBe('complete')
  await talks(1)
  await eventually(async () => expect(await finds(bob, 'beforehand')).toEqual(['beforehand']))
  expect((await parlance(moving, env(place))).stderr).toContain(movedFile(place.DATA_DIR))
})

test('a move without a target, or to a database that is in use, is refused', {
  timeout: 90_000,
}, async () => {
  const place = { DATA_DIR: await dataDir() }
  for (const args of [['move'], ['move', '--to', 'mysql://x']])
    expect(await parlance(args, place)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--to/) })
  expect((await parlance(['move', '--to', 'postgresql://127.0.0.1:1/x'], place)).stderr).toMatch(
    /^There is no database in /,
  )
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const stage = await setsUp({ ...place, DATABASE_URL: database.url })
  expect(
    (
      await parlance(
        ['move', '--to', 'postgresql://127.0.0.1:1/x'],
        env({ ...place, DATABASE_URL: database.url }),
      )
    ).stderr,
  ).toMatch(/^A server uses PostgreSQL at .* \(process \d+ .*\): stop it first\.\n$/)
  await stage.stops()
})

test('uploads are copied to S3 beside a server and back, only what is missing', {
  timeout: 90_000,
}, async () => {
  const { settings, keys } = await bucket()
  const place = { DATA_DIR: await dataDir() }
  const stage = await setsUp(place)
  const { bob, file } = stage
  const copy = (to: string) => json(['media', 'copy', '--to', to], env({ ...place, ...settings }))
  expect(await copy('s3')).toMatchObject({ copied: 1, present: 0, missing: 0 })
  await stage.stops()
  expect(await copy('s3')).toMatchObject({ copied: 0, present: 1, missing: 0 })
  await stage.startsOn({ ...place, ...settings })
  expect((await fetched((await looksAt(bob, file.id))?.url)).bytes).toEqual(file.bytes)
  expect(await keys(file.id)).toHaveLength(1)
  await stage.stops()

  const other = { DATA_DIR: join(place.DATA_DIR, '../other') }
  const elsewhere = { ...settings, DATA_DIR: other.DATA_DIR }
  expect((await parlance(['media', 'copy', '--to', 'folder'], env(elsewhere))).stderr).toMatch(
    /^There is no database/,
  )
  expect((await parlance(['media', 'copy'], env(settings))).code).toBe(2)
  expect((await parlance(['media', 'copy', '--to', 's3'], env(place))).stderr).toMatch(/^S3_URL: required/)
})
