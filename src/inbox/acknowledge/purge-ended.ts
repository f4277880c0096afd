import type { Sql } from '../../platform/db/sql.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'

const batch = 1_000

const purgeBatch = `
  delete from acknowledgement where (session_id, stream_id) in (
    select a.session_id, a.stream_id from acknowledgement a
    where not exists (
      select from session s where s.id = a.session_id and s.ended_at is null and s.expires_at > now())
    limit ${batch})
  returning session_id`

/** Deletes the positions of ended sessions every night. */
export function purgeAcknowledgements({ sql }: { sql: Sql }): Task {
  return {
    every: '20 4 * * *',
    async run(_payload, { signal }) {
      let deleted = batch
      while (deleted === batch && !signal.aborted) deleted = (await sql.query(purgeBatch)).length
    },
  }
}
