import { cpus, tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readDatabaseId } from '../src/platform/db/history.ts'
import { poolSql, type Sql } from '../src/platform/db/sql.ts'
import { createLogger } from '../src/platform/logger.ts'
import { reindex } from '../src/search/indexing/reindex.ts'
import { createMeilisearch, findMeilisearch } from '../test/setup/meilisearch.ts'
import { indexMessages } from './load/index-messages.ts'
import { addMessages, searchQueries } from './load/library.ts'
import { askMeilisearch, askParlance, type Latency, latencyText } from './load/searches.ts'
import { makePlace, type Place } from './place.ts'
import { openPopulation, type Person } from './population.ts'
import { createRun, type Run } from './run.ts'
import { startParlance } from './server.ts'

// npm run bench:search [-- --messages 1000000]   see docs/benchmarks.md

const perConversation = 1_000
const readable = 50

const { values } = parseArgs({ options: { messages: { type: 'string', default: '1000000' } } })
const say = (text: string) => void process.stdout.write(`${text}\n`)

interface Filled {
  people: { reader: Person; writer: Person }
  ids: string[]
}

async function measureAll(run: Run, place: Place): Promise<void> {
  const program = await findMeilisearch()
  if (!program) throw new Error('Meilisearch is missing.')
  const first = await run.use(startParlance(place))
  const pool = new pg.Pool({ ...first.connection, max: 4 })
  // When a run is interrupted, the database stops first; its errors are ignored.
  pool.on('error', () => {})
  const sql = poolSql(pool)
  const { people, ids } = await fill(first.connection, sql)

  await timed('indexed by PostgreSQL', () => indexMessages(pool))
  say(`  ${await postgresSize(sql)}`)
  const embedded = await askParlance(first.url, people.reader, searchQueries)

  const engine = await run.use(startEngine(program))
  const access = { url: engine.url, key: engine.key, uid: 'bench' }
  const log = createLogger({ logLevel: 'warn' })
  await timed('indexed by Meilisearch', async () =>
    reindex(sql, { ...access, databaseId: await readDatabaseId(sql), log }, () => {}),
  )
  say(`  ${await engine.size()}`)
  await pool.end()
  await first.stop()

  const env = { MEILI_URL: engine.url, MEILI_KEY: engine.key, MEILI_INDEX: access.uid }
  const second = await run.use(startParlance(place, env))
  const scopes = ids
    .slice(0, readable)
    .map((conversationId) => ({ conversationId, fromSeq: 1, maxSeq: perConversation, activeAt: new Date() }))
  const ours = await askParlance(second.url, people.reader, searchQueries)
  const plain = await askMeilisearch(access, scopes, searchQueries)
  for (const [index, query] of searchQueries.entries())
    say(
      [
        query.padEnd(22),
        ...[ours, plain, embedded].map((all) => latencyText(all[index] as Latency).padEnd(42)),
      ].join(''),
    )
}

/** A user in a few of many conversations, each with a thousand messages. */
async function fill(connection: pg.ClientConfig, sql: Sql): Promise<Filled> {
  const population = await openPopulation(connection)
  const [reader, writer] = (await population.people(2)) as [Person, Person]
  const ids: string[] = []
  const count = Math.max(readable, Math.round(Number(values.messages) / perConversation))
  while (ids.length < count)
    ids.push(await population.group(ids.length < readable ? [writer, reader] : [writer]))
  await population.close()
  await timed(`${(count * perConversation).toLocaleString('en')} messages stored`, () =>
    addMessages(sql, ids, writer.userId, perConversation),
  )
  return { people: { reader, writer }, ids }
}

async function startEngine(program: string) {
  const engine = await createMeilisearch(program, tmpdir())
  await engine.start()
  return { ...engine, stop: engine.remove }
}

async function postgresSize(sql: Sql): Promise<string> {
  const [size] = await sql.query<{ rows: string; indexes: string }>(
    `select pg_size_pretty(pg_table_size('message_search') + pg_table_size('search_word')) as rows,
            pg_size_pretty(pg_indexes_size('message_search') + pg_indexes_size('search_word')) as indexes`,
  )
  return `${size?.rows} of rows, ${size?.indexes} of indexes`
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const since = performance.now()
  await work()
  say(`${what} in ${Math.round((performance.now() - since) / 1000)} s`)
}

/** Rejects on SIGINT and SIGTERM. */
function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => reject(new Error(`Stopped by ${name}.`)))
  })
}

const run = createRun({ quick: false, profileDir: undefined })
const place = await makePlace(process.env.DATABASE_URL)
try {
  say(`On ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${place.description}`)
  await Promise.race([measureAll(run, place), interruption()])
} finally {
  await run.stopAll()
  await place.remove()
}
