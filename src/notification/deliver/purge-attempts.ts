import type { Core } from '../../context.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'

const deleteOld = `
  delete from push_attempt where status <> 'QUEUED' and at < clock_timestamp() - make_interval(days => $1::integer)`

// Its provider is not set up any more, or its device has been silent for as long as anything waits.
const giveUp = `
  update push_attempt set status = 'FAILED', provider_status = coalesce(provider_status, 'Nobody sent it.'),
    at = clock_timestamp()
  where status = 'QUEUED' and due_at < clock_timestamp() - interval '1 day'`

const endWithSessions = `
  update push_device d set removed_at = now(), token = null
  where d.removed_at is null and not exists (
    select from session s where s.id = d.session_id and s.ended_at is null and s.expires_at > now())`

const deleteRemovedDevices = `
  delete from push_device d
  where d.removed_at is not null and not exists (select from push_attempt a where a.device_id = d.id)`

/** Keeps what became of notices for some days, and no token of a device that has signed out. */
export function forgetAttempts({ sql, config }: Core): Task {
  return {
    every: '40 3 * * *',
    async run() {
      await sql.query(giveUp)
      await sql.query(deleteOld, [config.limits.pushAttemptDays])
      await sql.query(endWithSessions)
      await sql.query(deleteRemovedDevices)
    },
  }
}
