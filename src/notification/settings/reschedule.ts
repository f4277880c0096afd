import type { Limits } from '../../config.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { notificationLeaseMs } from '../deliver/provider-worker.ts'
import { digestLeaseMs } from '../digest/store.ts'

// What is due sooner may be leased to a worker. What was tried waits for the provider's back-off.
const rescheduleNotifications = `
  update push_attempt a set due_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
  from push_device d
  where d.user_id = $1 and a.device_id = d.id and a.status = 'QUEUED' and a.provider_status is null
    and a.due_at > clock_timestamp() + make_interval(secs => greatest($2::float8, $3::float8) / 1000)`

const rescheduleDigests = `
  update digest set due_at = greatest(since + make_interval(secs => $2::float8), clock_timestamp())
  where user_id = $1 and tries = 0 and due_at > clock_timestamp() + make_interval(secs => $3::float8 / 1000)
    and due_at > since + make_interval(secs => $2::float8)`

/** After a change of the quiet hours: what waits for their end is decided again. */
export async function rescheduleQueued(sql: Sql, userId: string, limits: Limits): Promise<void> {
  await sql.query(rescheduleNotifications, [userId, limits.pushDelayMs, notificationLeaseMs(limits)])
  await sql.query(rescheduleDigests, [userId, limits.digestDelaySeconds, digestLeaseMs])
}
