import type { Services } from '../context.ts'
import { pollBatches } from '../conversation/outbox/batches.ts'
import type { DigestChannel } from '../platform/db/generated/enums.ts'
import type { Poller } from '../platform/poller.ts'
import { createProviderWorker } from './deliver/provider-worker.ts'
import { createDigestWorker } from './digest/worker.ts'
import { enqueueBatch, pushConsumer, pushTopic } from './enqueue/enqueue.ts'
import type { PushTimings } from './timings.ts'

/** The background workers of push. */
export interface PushWorker {
  close(): Promise<void>
}

const register = `
  insert into outbox_topic (name, after_delivery) values ($1, true)
  on conflict (name) do update set after_delivery = true`

const countOverdue = `
  select count(*)::integer as count from push_attempt
  where status = 'QUEUED' and due_at < clock_timestamp() - interval '1 minute'`

/** Starts the workers if push is configured. If not, it removes the topic, so that messages leave no marks for it. */
export async function startPushWorker(services: Services, timings: PushTimings): Promise<PushWorker> {
  const { push, sql, config, log } = services
  if (!push.enabled) {
    await sql.query(`delete from outbox_topic where name = $1`, [pushTopic])
    await sql.query(`delete from outbox_mark where topic = $1`, [pushTopic])
    return { close: async () => {} }
  }
  await sql.query(register, [pushTopic])

  services.metrics.gauge(
    'push_overdue',
    'Queued notifications that are overdue by more than a minute.',
    async () => {
      const [row] = await sql.query<{ count: number }>(countOverdue)
      return row?.count ?? 0
    },
  )

  const channels: DigestChannel[] = [
    ...(push.mailer ? ['EMAIL' as const] : []),
    ...(push.gateway ? ['SMS' as const] : []),
  ]
  const workers: Poller[] = [
    ...[...push.providers.keys()].map((provider) => createProviderWorker(services, provider, timings)),
    ...channels.map((channel) => createDigestWorker(services, channel, timings)),
  ]
  const settings = {
    providers: [...push.providers.keys()],
    channels,
    delayMs: config.limits.pushDelayMs,
    digestDelaySeconds: config.limits.digestDelaySeconds,
  }
  const consumer = pushConsumer(sql)
  const enqueuing = pollBatches({
    batch: () => enqueueBatch(sql, consumer, settings),
    pollMs: timings.pollMs,
    pauseMaxMs: timings.batchPauseMaxMs,
    log,
    failure: 'notifications not enqueued, will retry',
  })
  return {
    async close() {
      await enqueuing.close()
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
}
