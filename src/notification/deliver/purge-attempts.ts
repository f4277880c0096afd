import type { Core } from '../../context.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'

const deleteOld = `
  delete from push_attempt where status <> 'QUEUED' and at < clock_timestamp() - make_interval(days => $1::integer)`

// Its provider is no longer configured, or has not accepted it for a day.
const failOverdue = `
  update push_attempt set status = 'FAILED', provider_status = coalesce(provider_status, 'Not sent within a day.'),
    at = clock_timestamp()
  where status = 'QUEUED' and due_at < clock_timestamp() - interval '1 day'`

const removeSignedOut = `
  update push_device d set removed_at = now(), token = null
  where d.removed_at is null and not exists (
    select from session s where s.id = d.session_id and s.ended_at is null and s.expires_at > now())`

const deleteRemovedDevices = `
  delete from push_device d
  where d.removed_at is not null and not exists (select from push_attempt a where a.device_id = d.id)`

/** Deletes old push attempts, and the tokens of devices that have signed out. */
export function purgeAttempts({ sql, config }: Core): Task {
  return {
    every: '40 3 * * *',
    async run() {
      await sql.query(failOverdue)
      await sql.query(deleteOld, [config.limits.pushAttemptDays])
      await sql.query(removeSignedOut)
      await sql.query(deleteRemovedDevices)
    },
  }
}
