// npm run migrate   brings DATABASE_URL up to date without starting a server, as `prisma migrate deploy` does.

import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { applyMigrations } from '../src/platform/db/migrate.ts'

const { databaseUrl } = readConfig(process.env)
if (!databaseUrl)
  throw new Error('DATABASE_URL: required; the embedded database is brought up to date by each start')

const folder = join(import.meta.dirname, '../prisma/migrations')
const applied = await applyMigrations({ connectionString: databaseUrl }, folder)
process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}\n` : 'Nothing to apply\n')
