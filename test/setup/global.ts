import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { cachedBuild } from '../../scripts/build.mjs'
import { applyMigrations } from '../../src/platform/db/migrate.ts'
import { prepareJobs } from '../../src/platform/jobs/job-runner.ts'
import { startEmbedded } from '../../src/platform/postgres/embedded.ts'
import { findChromium } from './chromium.ts'
import { databaseUrl } from './database-url.ts'
import { hasFfmpeg } from './ffmpeg.ts'
import { createMeilisearch, findMeilisearch, meilisearchVersion } from './meilisearch.ts'
import { bundleProgram } from './program/bundle.ts'
import { createRedis, installedRedis } from './redis.ts'
import { useMemoryFolder } from './run/memory-folder.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The PostgreSQL of the test databases, and the template that they are copies of. */
    databases: { url: string; template: string }
    /** The server as built JavaScript in one script, for tests that start processes. */
    serverProgram: string
    /** The Redis that server processes share; null if this machine has none. */
    redisUrl: string | null
    /** The Meilisearch of test/search, in which each server has its own index; null if there is none. */
    meilisearch: { url: string; key: string } | null
  }
}

/** Starts one PostgreSQL for the run, or uses that of DATABASE_URL, and migrates a template database once. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const removeMemoryFolder = useMemoryFolder()
  const given = process.env.DATABASE_URL
  const prefix = `parlance_test_${randomBytes(4).toString('hex')}`
  const template = `${prefix}_template`
  const provideProgram = async () =>
    project.provide('serverProgram', await bundleProgram(await cachedBuild('src/main.ts')))
  project.onTestsRerun(provideProgram)
  const [{ server, admin, version }, redis, meilisearch] = await Promise.all([
    startDatabases(given, template),
    shareRedis(process.env.REDIS_URL),
    shareMeilisearch(process.env.MEILI_URL),
    provideProgram(),
  ])
  project.provide('databases', { url: server.url, template })
  project.provide('redisUrl', redis.url)
  project.provide('meilisearch', meilisearch.access)

  return async () => {
    await dropAll(admin, prefix)
    await admin.end()
    await server.stop()
    await redis.stop()
    await meilisearch.stop()
    removeMemoryFolder?.()
    const video = hasFfmpeg() ? 'ffmpeg of this machine' : 'No ffmpeg, so most tests of video were skipped'
    const folders = `Temporary folders ${removeMemoryFolder ? 'in memory' : 'on the disk'}`
    const others = [redis.description, meilisearch.description, await describeChromium(), video, folders]
    process.stdout.write(`${servicesUsed(version, given, ...others)}\n`)
  }
}

/** A PostgreSQL with a template for the databases of the tests, and a connection that creates and drops them. */
async function startDatabases(given: string | undefined, template: string) {
  const server = given ? { url: given, stop: async () => {} } : await startTestServer()
  const admin = new pg.Client({ connectionString: server.url })
  // The next query reports a connection that breaks while it is idle, which otherwise ends the run without its counts.
  admin.on('error', () => {})
  await admin.connect()
  if (!given) await planOnce(admin)
  await admin.query(`create database ${template}`)
  await applyMigrations({ connectionString: databaseUrl(server.url, template) }, migrations)
  await prepareQueue(databaseUrl(server.url, template))
  const { rows } = await admin.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  )
  return { server, admin, version: rows[0]?.version ?? '?' }
}

/**
 * By default a connection plans the first five executions of a statement anew. A test executes most statements a few times,
 * and planning them cost a twentieth of the processor time of all tests.
 */
async function planOnce(admin: pg.Client): Promise<void> {
  await admin.query('alter system set plan_cache_mode = force_generic_plan')
  await admin.query('select pg_reload_conf()')
}

async function prepareQueue(connectionString: string): Promise<void> {
  const pool = new pg.Pool({ connectionString, max: 2 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  await prepareJobs(pool, pino({ level: 'silent' }))
  await pool.end()
}

const migrations = join(import.meta.dirname, '../../prisma/migrations')

async function startTestServer() {
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-test-'))
  const memory = 2 ** 30
  const server = await startEmbedded({
    dataDir,
    maxConnections: 200,
    durable: false,
    memory,
    progress: () => {},
  })
  const { host, port } = server.connection
  return {
    url: `postgresql://postgres@localhost:${port}/postgres?host=${encodeURIComponent(host)}`,
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true })
    },
  }
}

interface SharedRedis {
  url: string | null
  description: string
  stop(): Promise<void>
}

/** The Redis of REDIS_URL, or a new one; null if there is none, which skips and reports the tests that need it. */
async function shareRedis(given: string | undefined): Promise<SharedRedis> {
  const stop = async () => {}
  if (given)
    return { url: given, description: 'Redis of REDIS_URL, also for every server of the tests', stop }
  const version = installedRedis()
  if (!version)
    return { url: null, description: 'No Redis, so test/processes was skipped: set REDIS_URL', stop }
  const redis = await createRedis()
  await redis.start()
  const description = `Redis ${version} of this machine for test/processes; REDIS_URL is not set`
  return { url: redis.url, description, stop: redis.kill }
}

/** The Meilisearch of MEILI_URL, or a new one; null if there is none, which skips and reports the tests that need it. */
async function shareMeilisearch(given: string | undefined) {
  const stop = async () => {}
  if (given) {
    const access = { url: given, key: process.env.MEILI_KEY ?? '' }
    return { access, description: 'Meilisearch of MEILI_URL', stop }
  }
  const program = await findMeilisearch()
  if (!program)
    return { access: null, description: 'No Meilisearch, so its half of test/search was skipped', stop }
  const { url, key, start, remove } = await createMeilisearch(program)
  await start()
  const description = `Meilisearch ${meilisearchVersion} for test/search; MEILI_URL is not set`
  return { access: { url, key }, description, stop: remove }
}

async function describeChromium(): Promise<string> {
  const chromium = await findChromium()
  return chromium
    ? `Chromium ${chromium.version} of this machine for test/browser`
    : 'No Chromium, so test/browser was skipped'
}

async function dropAll(admin: pg.Client, prefix: string): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(
    'select datname as name from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  for (const { name } of rows) await admin.query(`drop database ${name} with (force)`)
}

function servicesUsed(version: string, given: string | undefined, ...others: string[]): string {
  const postgres = given
    ? `PostgreSQL ${version} of DATABASE_URL`
    : `embedded PostgreSQL ${version}; DATABASE_URL is not set`
  return `\nServices: ${[postgres, ...others].join('. ')}.`
}
