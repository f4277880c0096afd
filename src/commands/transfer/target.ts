import type { Config } from '../../config.ts'
import { migrationsFolder } from '../../platform/db/database.ts'
import { applyMigrations } from '../../platform/db/migrate.ts'
import { Outages } from '../../platform/db/outages.ts'
import { openPool } from '../../platform/db/pool.ts'
import { explainStartFault } from '../../platform/db/start-fault.ts'
import { prepareJobs } from '../../platform/jobs/job-runner.ts'
import { createLogger } from '../../platform/logger.ts'
import type { Database } from '../access/database.ts'

/** Creates or updates the tables of a database, as the start of a server does. */
export async function migrateDatabase(config: Config, { connection }: Database): Promise<void> {
  const log = createLogger(config)
  const outages = new Outages(log)
  const pool = openPool(connection, {
    poolSize: 2,
    timeouts: config.limits,
    isPooled: false,
    log,
    outages,
    tracing: null,
  })
  try {
    await applyMigrations(connection, migrationsFolder)
    await prepareJobs(pool, log)
  } catch (error) {
    throw explainStartFault(error)
  } finally {
    await pool.end()
    outages.close()
  }
}
