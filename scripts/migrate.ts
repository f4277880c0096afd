// npm run migrate   migrates DATABASE_URL without starting a server, like `prisma migrate deploy`.

import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { applyMigrations } from '../src/platform/db/migrate.ts'

const { databaseUrl } = readConfig(process.env)
if (!databaseUrl) throw new Error('DATABASE_URL: required; the embedded database is migrated at each start')

const folder = join(import.meta.dirname, '../prisma/migrations')
const applied = await applyMigrations({ connectionString: databaseUrl }, folder)
process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}\n` : 'Nothing to apply\n')
