import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { poolSql, type Sql } from '../../src/platform/db/sql.ts'
import { newId } from '../../src/platform/ids.ts'
import { addMessages } from '../load/library.ts'
import type { Place } from '../place.ts'
import { openPopulation, type Person } from '../population.ts'
import { startParlance } from '../server.ts'

export interface Sizes {
  messages: number
  files: number
  fileBytes: number
  /** Of one more upload; 0 for none. */
  largeBytes: number
}

const perConversation = 10_000

/** Fills the tables and the folder of uploads of a server, which is stopped afterwards. */
export async function fill(place: Place, sizes: Sizes): Promise<void> {
  const server = await startParlance(place)
  try {
    const pool = new pg.Pool({ ...server.connection, max: 1 })
    pool.on('error', () => {})
    const population = await openPopulation(server.connection)
    const [writer, reader] = (await population.people(2)) as [Person, Person]
    const ids: string[] = []
    while (ids.length * perConversation < sizes.messages) ids.push(await population.group([writer, reader]))
    for (const id of ids) await addMessages(poolSql(pool), [id], writer.userId, perConversation)
    await addUploads(poolSql(pool), join(place.dataDir, 'media'), writer.userId, sizes)
    await population.analyse()
    await population.checkpoint()
    await population.close()
    await pool.end()
  } finally {
    await server.stop()
  }
}

async function addUploads(sql: Sql, folder: string, ownerId: string, sizes: Sizes): Promise<void> {
  const bytes = Array.from({ length: sizes.files }, () => sizes.fileBytes)
  if (sizes.largeBytes > 0) bytes.push(sizes.largeBytes)
  const ids = bytes.map(newId)
  await sql.query(
    `insert into media (id, owner_id, kind, status, filename, mime_type, byte_size, object_key, expires_at)
     select id, $1, 'FILE', 'READY', 'a file', 'application/octet-stream', bytes, id || '/original', now()
     from unnest($2::text[], $3::integer[]) as u (id, bytes)`,
    [ownerId, ids, bytes],
  )
  for (const [index, id] of ids.entries()) {
    const path = join(folder, id.slice(-2), id, 'original')
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content(bytes[index] ?? 0))
  }
}

/** Chunks of which no two are the same. */
function* content(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1 << 20, newId())
  for (let at = 0; at < bytes; at += chunk.length) {
    chunk.writeUInt32BE(at)
    yield chunk.subarray(0, bytes - at)
  }
}
