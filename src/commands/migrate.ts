import type { Config } from '../config.ts'
import { migrationsFolder } from '../platform/db/database.ts'
import { applyMigrations } from '../platform/db/migrate.ts'
import { OperatorError } from '../platform/operator-error.ts'

/** Migrates the database without starting a server, like `prisma migrate deploy`. */
export async function migrate({ databaseUrl }: Config): Promise<void> {
  if (!databaseUrl)
    throw new OperatorError('DATABASE_URL: required; the embedded database is migrated at each start.')
  const applied = await applyMigrations({ connectionString: databaseUrl }, migrationsFolder)
  process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}\n` : 'Nothing to apply\n')
}
