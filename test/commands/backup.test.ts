import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Cluster, debianEngine, embeddedEngine } from '../faults/database/cluster.ts'
import { databaseUrl } from '../setup/database-url.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { backup, move, type Way } from './drills.ts'
import { parlance } from './run.ts'
import { bucket, dataDir, type Place, setsUp } from './stage.ts'

// The embedded one alone where Debian's packages are missing.
const engines = { embedded: await embeddedEngine(), debian: await debianEngine() }
let clusters: Record<'embedded' | 'debian', Cluster>
beforeAll(async () => {
  const embedded = await Cluster.create(engines.embedded)
  const debian = engines.debian ? await Cluster.create(engines.debian) : embedded
  clusters = { embedded, debian }
  return async () => {
    for (const cluster of new Set([embedded, debian])) await cluster.remove()
  }
})

let databases = 0

/** A new, empty database of a cluster. */
async function of(engine: keyof typeof clusters, more: Place = {}): Promise<Place> {
  databases += 1
  const name = `leg${databases}`
  await clusters[engine].asAdmin(`create database ${name}`)
  return { DATABASE_URL: databaseUrl(clusters[engine].url, name), DATA_DIR: await dataDir(), ...more }
}

/** Takes the same clients from place to place. */
async function drill(start: Place, legs: Record<string, [Way, Place]>): Promise<void> {
  const stage = await setsUp(start)
  const { alice, rooms } = stage
  await alice.sends(rooms[0] ?? '', 'beforehand')
  let from = start
  for (const [name, [way, to]] of Object.entries(legs)) {
    await way(stage, from, to).catch((cause: unknown) => {
      throw new Error(`${name} failed: ${(cause as Error).message}`, { cause })
    })
    from = to
  }
}

// Each leg is what a test of its own would be: 90 s.
describe('clients miss nothing or get ResyncRequired, and acknowledged messages are there', {
  timeout: 450_000,
}, () => {
  test('from the embedded database with uploads in a folder, through two versions of PostgreSQL', async () => {
    const { settings } = await bucket()
    const start = { DATA_DIR: await dataDir() }
    const second = { DATA_DIR: await dataDir() }
    await drill(start, {
      'backup of the embedded database': [backup(), second],
      'move to Debian': [move, { ...(await of('debian')), ...second }],
      'backup of Debian, restored into S3': [backup(), await of('embedded', settings)],
      'backup with a list of S3': [backup(), await of('debian', settings)],
      'backup with the bytes of S3': [backup('--media'), await of('embedded')],
    })
  })

  test('from the embedded database with uploads in S3, through two versions of PostgreSQL', async () => {
    const { settings } = await bucket()
    const start = { DATA_DIR: await dataDir(), ...settings }
    const second = { DATA_DIR: await dataDir(), ...settings }
    await drill(start, {
      'backup of the embedded database': [backup(), second],
      'move to Debian': [move, { ...(await of('debian')), ...second }],
      'backup of Debian with a list of S3': [backup(), await of('embedded', settings)],
      'backup with the bytes of S3': [backup('--media'), await of('embedded')],
      'backup with uploads in a folder': [backup(), await of('debian')],
    })
  })
})

test('a backup of an embedded database that does not exist is refused', async () => {
  const DATA_DIR = await dataDir()
  const folder = join(await temporaryFolder(), 'backup')
  expect(await parlance(['backup', folder], { DATA_DIR })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^There is no database in .*: set DATABASE_URL or DATA_DIR\.\n$/),
  })
})
