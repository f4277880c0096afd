import type { Services } from '../context.ts'
import { readCauses } from '../conversation/outbox/trace-causes.ts'
import { createHttpClient, type HttpClient } from '../platform/http-client/client.ts'
import { createPoller, type Poller } from '../platform/poller.ts'
import { inSpan, type OpenSpan } from '../platform/tracing/tracing.ts'
import { DeliveryFailure, deliver } from './deliver.ts'
import { deliverConversation } from './deliver-conversation.ts'
import { type Endpoint, endpointOf, registerEndpoints } from './endpoints.ts'
import { conversationsMax, type Progress, progressOf } from './progress.ts'
import type { WebhookTimings } from './timings.ts'

declare module '../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.topic'?: string
  }
}

/** Sends webhooks to the operator's systems, outside of the requests that cause them. */
export interface WebhookWorker {
  close(): Promise<void>
}

type Needs = Pick<Services, 'sql' | 'config' | 'log' | 'metrics' | 'tracing'>

const dayMs = 86_400_000

const waiting = `select count(distinct (topic, conversation_id)) as count from outbox_mark where starts_with(topic, 'webhook:')`

/** Starts one poller per configured endpoint; only for these do changes leave marks. */
export async function startWebhooks(services: Needs, timings: WebhookTimings): Promise<WebhookWorker> {
  const { sql, config, metrics, tracing } = services
  const { urls, allowPrivate } = config.webhooks
  const endpoints = urls.map(endpointOf)
  await registerEndpoints(sql, endpoints)
  const httpClient = createHttpClient({ timeoutMs: config.limits.webhookTimeoutMs, allowPrivate, tracing })
  const counted = metrics.counter('webhooks_total', 'Webhooks by outcome.', ['outcome'])
  metrics.gauge(
    'webhooks_waiting',
    'Conversations with changes that are not delivered to every receiver.',
    async () => {
      const [row] = await sql.query<{ count: number }>(waiting)
      return row?.count ?? 0
    },
  )
  const pollers = endpoints.map((endpoint) =>
    openEndpoint(services, { endpoint, httpClient, timings, count: (outcome) => counted.inc({ outcome }) }),
  )
  return {
    async close() {
      await Promise.all(pollers.map((poller) => poller.close()))
      httpClient.close()
    },
  }
}

interface Delivery {
  endpoint: Endpoint
  httpClient: HttpClient
  timings: WebhookTimings
  count(outcome: 'delivered' | 'failed' | 'given up'): void
}

/** Opens a span in the trace of a change that is to be delivered; null if it is not traced. */
async function causeOf(
  { sql, tracing }: Needs,
  topic: string,
  { conversationId, version }: Progress,
): Promise<OpenSpan | null> {
  const cause = (await readCauses(sql, tracing, [conversationId])).get(conversationId)
  if (!tracing || !cause || cause.version <= version) return null
  return tracing.follow(cause.traceparent, 'CONSUMER', 'deliver webhooks', {
    'parlance.topic': topic,
    'parlance.conversation.id': conversationId,
  })
}

/** Delivers a few conversations concurrently, each in its own order, so that a slow one does not delay the others. */
function openEndpoint(services: Needs, { endpoint, httpClient, timings, count }: Delivery): Poller {
  const { pollMs, backoffMinMs, backoffMaxMs } = timings
  const { sql, config, log } = services
  const store = progressOf(sql, endpoint.topic)
  const host = new URL(endpoint.url).host
  const inFlight = new Set<Promise<void>>()
  const stopping = new AbortController()
  let failures = 0

  async function deliverOne(progress: Progress): Promise<void> {
    try {
      const span = await causeOf(services, endpoint.topic, progress)
      await inSpan(span, () =>
        deliverConversation({ sql, store }, progress, async (event) => {
          stopping.signal.throwIfAborted()
          await deliver(httpClient, config.webhooks.key, endpoint.url, event)
          failures = 0
          count('delivered')
        }),
      )
    } catch (error) {
      if (stopping.signal.aborted) return store.release(progress)
      failures += 1
      count('failed')
      await postponeOrGiveUp(progress, error as Error)
    }
  }

  async function postponeOrGiveUp(progress: Progress, error: Error): Promise<void> {
    const since = progress.failingSince?.getTime() ?? Date.now()
    if (Date.now() - since > config.limits.webhookDays * dayMs) {
      count('given up')
      const { conversationId, failingSince } = progress
      log.error({ err: error, host, conversationId, failingSince }, 'webhooks of a conversation given up')
      await store.giveUp(progress)
      return
    }
    const requestedMs = error instanceof DeliveryFailure ? error.afterMs : 0
    const backoffMs = Math.max(requestedMs, Math.min(backoffMaxMs, backoffMinMs * 2 ** progress.failures))
    log.warn({ reason: error.message, host, backoffMs }, 'webhook failed, will retry')
    // Jitter only adds, so that a retry is never earlier than the receiver's Retry-After.
    await store.postpone(progress, backoffMs * (1 + Math.random() / 4))
  }

  function start(progress: Progress): void {
    const work = deliverOne(progress)
      .catch((error: unknown) => log.warn({ err: error, host }, 'webhook delivery interrupted, will retry'))
      .finally(() => {
        inFlight.delete(work)
        if (failures === 0) poller.wake()
      })
    inFlight.add(work)
  }

  async function turn(): Promise<number> {
    // A failing receiver is tried with one conversation at a time.
    const free = (failures > 0 ? 1 : conversationsMax) - inFlight.size
    const claimed = free > 0 ? await store.claim(free) : []
    for (const progress of claimed) start(progress)
    if (failures === 0) return pollMs
    await store.compact()
    return Math.min(backoffMaxMs / 6, backoffMinMs * failures)
  }

  const poller = createPoller({ turn, log, failure: 'webhook poll failed, will retry' })
  return {
    wake: poller.wake,
    async close() {
      stopping.abort()
      await poller.close()
      await Promise.all(inFlight)
    },
  }
}
