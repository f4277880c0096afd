import type { Config } from '../config.ts'
import { migrationsFolder } from '../platform/db/database.ts'
import { applyMigrations } from '../platform/db/migrate.ts'
import { explainStartFault } from '../platform/db/start-fault.ts'
import { OperatorError } from '../platform/operator-error.ts'
import type { Input } from './cli/command.ts'
import type { Output } from './cli/output.ts'

/** Migrates the database without starting a server, like `prisma migrate deploy`. */
export async function migrate({ databaseUrl }: Config, _input: Input, output: Output): Promise<number> {
  if (!databaseUrl)
    throw new OperatorError('DATABASE_URL: required; the embedded database is migrated at each start.')
  const applied = await applyMigrations({ connectionString: databaseUrl }, migrationsFolder).catch(
    (error: unknown) => {
      throw explainStartFault(error)
    },
  )
  output.result({ applied }, applied.length > 0 ? `Applied ${applied.join(', ')}` : 'Nothing to apply')
  return 0
}
