import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMediaObjects } from '../../media/storage/open.ts'
import type { MediaObjects } from '../../media/storage/storage.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { inParallel, namedObjects } from '../transfer/objects.ts'
import { type Check, error, type Found, type ServiceParts, warning } from './finding.ts'

const probeId = 'doctor'

/** Writes, reads, lists and removes an object, as servers do. */
export const storage: Check<ServiceParts> = async ({ config }) => {
  const objects = openMediaObjects(config)
  try {
    await probe(objects)
    return []
  } catch (fault) {
    const { message, cause } = fault as Error
    return [
      error(
        `${objects.description} cannot be used (${cause ? String(cause) : message}).`,
        config.media.s3
          ? 'Check the S3 settings; the key needs the rights to read, write, list and delete.'
          : 'Give the folder to the user of the server.',
      ),
    ]
  }
}

async function probe(objects: MediaObjects): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-doctor-'))
  const key = `${probeId}/${randomBytes(8).toString('hex')}`
  try {
    const file = join(folder, 'probe')
    await writeFile(file, key)
    await objects.put(key, file)
    if ((await objects.sizeOf(key)) !== key.length) throw new Error('a written object is missing')
    await objects.remove(probeId, [])
    if ((await objects.sizeOf(key)) !== null) throw new Error('a removed object is still there')
  } finally {
    await rm(folder, { recursive: true })
  }
}

const examplesMax = 3

/** Counts faults and keeps the first few. */
function tally() {
  let count = 0
  const examples: string[] = []
  return {
    add(subject: string) {
      count += 1
      if (examples.length < examplesMax) examples.push(subject)
    },
    text: () =>
      `${count.toLocaleString('en')} (${examples.join(', ')}${count > examples.length ? ' …' : ''})`,
    get count() {
      return count
    },
  }
}

/** Media items whose bytes are missing or of another size. */
export const bytesOfMedia: Check = async ({ config, sql, progress }) => {
  const objects = openMediaObjects(config)
  const [missing, wrong] = [tally(), tally()]
  let done = 0
  const sizes = inParallel(namedObjects(sql), async (object) => {
    return { ...object, size: await objects.sizeOf(object.key) }
  })
  for await (const { key, bytes, size } of sizes) {
    if (size === null && (await isNamed(sql, key))) missing.add(key)
    else if (size !== null && size !== bytes) wrong.add(key)
    progress(`${(++done).toLocaleString('en')} media objects checked`)
  }
  const found: (Found | false)[] = [
    missing.count > 0 &&
      error(
        `${objects.description} lacks objects of media items: ${missing.text()}.`,
        'Copy them from a backup, or from the earlier storage with parlance media copy.',
      ),
    wrong.count > 0 &&
      error(
        `${objects.description} has objects of another size than their media items: ${wrong.text()}.`,
        'Copy them from a backup.',
      ),
  ]
  return found.filter((each) => each !== false)
}

/** The media item may have been deleted since its row was read. */
async function isNamed(sql: Sql, key: string): Promise<boolean> {
  const [mediaId] = key.split('/')
  const found = await sql.query(`select from media where id = $1`, [mediaId])
  return found.length > 0
}

const batch = 500

// Bytes of a deleted media item are removed by a job.
const unknown = `
  select k.id from unnest($1::text[]) as k (id)
  where not exists (select from media d where d.id = k.id)
    and not exists (select from graphile_worker._private_jobs j where j.payload ->> 'mediaId' = k.id)`

/** Bytes of media items that do not exist. */
export const mediaOfBytes: Check = async ({ config, sql }) => {
  const objects = openMediaObjects(config)
  const orphans = tally()
  let ids = new Set<string>()
  const look = async () => {
    for (const { id } of await sql.query<{ id: string }>(unknown, [[...ids]])) orphans.add(id)
    ids = new Set()
  }
  for await (const key of objects.keys()) {
    ids.add(key.split('/')[0] ?? '')
    if (ids.size >= batch) await look()
  }
  await look()
  if (orphans.count === 0) return []
  return [
    warning(
      `${objects.description} has bytes of media items that do not exist: ${orphans.text()}. They take space only.`,
      'They remain after a restore, or after a crash during an upload: remove them when you do not need them.',
    ),
  ]
}
