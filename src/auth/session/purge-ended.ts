import type { Config } from '../../config.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'

const batch = 1_000

const purgeBatch = `
  delete from session where id in (
    select id from session where least(ended_at, expires_at) < now() - make_interval(days => $1::integer) limit ${batch})
  returning id`

/** Deletes sessions that ended more than `endedSessionDays` ago, every night. */
export function purgeEndedSessions({ sql, config }: { sql: Sql; config: Config }): Task {
  return {
    every: '10 4 * * *',
    async run(_payload, { signal }) {
      let deleted = batch
      while (deleted === batch && !signal.aborted)
        deleted = (await sql.query(purgeBatch, [config.limits.endedSessionDays])).length
    },
  }
}
