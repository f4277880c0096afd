import type { PushPurpose } from '../platform/db/generated/enums.ts'

/** SQL: the purposes that remove a notification from a device and show nothing themselves. */
export const withdrawalPurposes = `('READ', 'LEFT')`

export const isWithdrawal = (purpose: PushPurpose): boolean => purpose === 'READ' || purpose === 'LEFT'

/**
 * SQL: queues the withdrawal of the last notification of each device of `readers`, if they have read all of it. The
 * device of `session_id` is left out, since the reading happened there. The order of the devices is the same in all
 * transactions, so that none waits for another in a circle.
 */
export const queueWithdrawals = (purpose: 'READ' | 'LEFT', readers: string) => `
  with reader as (${readers})
  insert into push_attempt (id, device_id, user_id, provider, purpose, conversation_id, from_seq, to_seq, status)
  select gen_random_uuid()::text, d.id, d.user_id, d.provider, '${purpose}', r.conversation_id, shown.from_seq,
         shown.to_seq, 'QUEUED'
  from reader r
  join push_device d on d.user_id = r.user_id and d.removed_at is null and d.session_id is distinct from r.session_id
  cross join lateral (
    select a.purpose, a.from_seq, a.to_seq from push_attempt a
    where a.device_id = d.id and a.conversation_id = r.conversation_id and a.status = 'SENT'
    order by a.at desc limit 1
  ) shown
  where shown.purpose not in ${withdrawalPurposes} and shown.to_seq <= r.read_seq
  order by d.id
  on conflict do nothing`
