import pg from 'pg'
import { poolSql } from '../../src/platform/db/sql.ts'
import { indexMessages } from '../load/index-messages.ts'
import { addMessages } from '../load/library.ts'
import { makePlace, type Place } from '../place.ts'
import { openPopulation, type Person } from '../population.ts'
import type { Run } from '../run.ts'
import { type Server, startParlance } from '../server.ts'
import { addWords, copyConversations } from './copies.ts'

/** A server with a number of messages. */
export interface Site {
  server: Server
  size: number
  /** A member of ten conversations, whatever the number of messages. */
  reader: Person
  /** A member of every conversation. */
  writer: Person
  conversationId: string
  /** Bytes of the search index per message; null if most messages are not in it. */
  indexBytes: number | null
}

const perConversation = 1_000
const readable = 10
/** The index of more messages would take twenty minutes and a kilobyte for each. */
const indexedMax = 1_000_000

/** Messages in conversations of a thousand, of which the reader has ten. */
export async function openSite(run: Run, size: number): Promise<Site> {
  const place = await makePlace(process.env.DATABASE_URL)
  run.progress(`${size.toLocaleString('en')} messages`)
  const server = await startParlance(place)
  await run.use({ stop: () => closeSite(server, place) })
  // Indexes of ten million rows take less time with more memory.
  const options = '-c maintenance_work_mem=512MB'
  const pool = new pg.Pool({ ...server.connection, max: 2, options })
  pool.on('error', () => {})
  const sql = poolSql(pool)
  const population = await openPopulation(server.connection)
  const [reader, writer] = (await population.people(2)) as [Person, Person]
  const ids: string[] = []
  for (let index = 0; index < size / perConversation; index += 1)
    ids.push(await population.group(index < readable ? [writer, reader] : [writer]))
  const sources = ids.slice(0, readable)
  const isIndexed = size <= indexedMax
  await addMessages(sql, sources, writer.userId, perConversation)
  await indexMessages(pool)
  const copies = ids.slice(readable)
  if (copies.length > 0) {
    await copyConversations(sql, sources, copies, isIndexed)
    if (isIndexed) await addWords(sql, sources[0] as string, size / 10)
  }
  await population.analyse()
  await population.checkpoint()
  await population.close()
  const [bytes] = await sql.query<{ bytes: number }>(
    `select (pg_total_relation_size('message_search') + pg_total_relation_size('search_word'))::float8 as bytes`,
  )
  await pool.end()
  const indexBytes = isIndexed ? (bytes?.bytes ?? Number.NaN) / size : null
  return { server, size, reader, writer, conversationId: sources[0] as string, indexBytes }
}

async function closeSite(server: Server, place: Place): Promise<void> {
  await server.stop()
  await place.remove()
}
