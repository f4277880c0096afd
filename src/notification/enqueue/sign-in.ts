import type { Listener } from '../../hooks.ts'
import type { Push } from '../provider/open.ts'

const queue = `
  insert into push_attempt (id, device_id, user_id, provider, purpose, session_id, status)
  select gen_random_uuid()::text, d.id, d.user_id, d.provider, 'SIGN_IN', $2, 'QUEUED'
  from push_device d
  where d.user_id = $1 and d.session_id <> $2 and d.removed_at is null and d.provider = any($3::push_provider[])`

/** Notifies the user's other devices of a sign-in. */
export function queueSignInNotifications(push: Push): Listener<'newDeviceSignedIn'> {
  return async (tx, { userId, sessionId }) => {
    if (push.providers.size === 0) return
    await tx.sql.query(queue, [userId, sessionId, [...push.providers.keys()]])
  }
}
