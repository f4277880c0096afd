// npm run migration:new -- <name>   writes the migration from prisma/migrations to prisma/schema.prisma
// npm run migration:check           fails when a migration is missing

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { noFilters, readMigrations } from '../src/platform/db/migrate.ts'
import { createSchemaEngine } from '../src/platform/db/schema-engine.ts'
import { startEmbedded } from '../src/platform/postgres/embedded.ts'

const prismaFolder = join(import.meta.dirname, '../prisma')
const migrationsFolder = join(prismaFolder, 'migrations')

async function missingSql(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parlance-migration-'))
  const server = await startEmbedded({ dataDir, maxConnections: 20, durable: false, progress: () => {} })
  try {
    const admin = new pg.Client(server.connection)
    await admin.connect()
    await admin.query('create database shadow')
    await admin.end()
    return await diff(
      new pg.Pool(server.connection),
      new pg.Pool({ ...server.connection, database: 'shadow' }),
    )
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true })
  }
}

async function diff(pool: pg.Pool, shadow: pg.Pool): Promise<string> {
  const path = join(prismaFolder, 'schema.prisma')
  const engine = await createSchemaEngine(pool, shadow)
  const { stdout } = await engine.diff({
    from: { tag: 'migrations', ...(await readMigrations(migrationsFolder)) },
    to: { tag: 'schemaDatamodel', files: [{ path, content: await readFile(path, 'utf8') }] },
    script: true,
    exitCode: null,
    filters: noFilters,
  })
  await pool.end()
  await shadow.end()
  return stdout?.includes('This is an empty migration') ? '' : (stdout ?? '')
}

async function create(name: string): Promise<number> {
  if (!/^[a-z0-9_]+$/.test(name)) throw new Error('Name the migration in lower case, with _ between words.')
  const sql = await missingSql()
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(migrationsFolder, `${time}_${name}`)
  await mkdir(folder)
  await writeFile(
    join(folder, 'migration.sql'),
    sql || '-- What Prisma cannot express is written here by hand.\n',
  )
  process.stdout.write(`Wrote ${folder}/migration.sql. Read it before you commit it.\n`)
  return 0
}

async function check(): Promise<number> {
  const sql = await missingSql()
  if (!sql) return 0
  process.stderr.write(
    `prisma/schema.prisma says more than the migrations do:\n\n${sql}\nRun: npm run migration:new -- <name>\n`,
  )
  return 1
}

const [command, name = ''] = process.argv.slice(2)
process.exitCode = command === 'check' ? await check() : await create(name)
