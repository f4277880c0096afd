import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fetched, looksAt } from '../media/verbs.ts'
import { createTestDatabase } from '../setup/database.ts'
import { json, parlance } from './run.ts'
import { bucket, dataDir, env, setsUp } from './stage.ts'

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
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const place = { DATABASE_URL: database.url, DATA_DIR: await dataDir() }
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
