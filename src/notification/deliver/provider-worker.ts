import type { Limits } from '../../config.ts'
import { type Context, type Services, systemContext } from '../../context.ts'
import { readCauses, type TraceCause } from '../../conversation/outbox/trace-causes.ts'
import { loadMessageAt, type MessageRow } from '../../message/store.ts'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../../platform/poller.ts'
import { inSpan, type OpenSpan, type Tracing } from '../../platform/tracing/tracing.ts'
import { deleteGoneDevice } from '../device/delete-gone.ts'
import { claimDue, type DueNotification } from '../due.ts'
import type { SendResult } from '../provider/provider.ts'
import type { PushTimings } from '../timings.ts'
import { correctIfRecalled } from '../withdraw/recalled.ts'
import { isWithdrawal } from '../withdrawal.ts'
import { composeNotification, composeWithdrawal } from './compose.ts'
import { decide } from './decide.ts'
import { completeNotification, reschedule, retryLater, waitForQuietEnd } from './outcome.ts'
import { sendNotification, sendWithdrawal } from './send.ts'

declare module '../../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.push.provider'?: string
    'parlance.push.outcome'?: string
  }
}

const inFlightMax = 64
/** Time in addition to the time limit of the request. */
const leaseMarginMs = 30_000

/** How long a claimed notification is leased to its worker. */
export const notificationLeaseMs = ({ pushTimeoutMs }: Limits): number => pushTimeoutMs + leaseMarginMs

/** Sends the notifications of one provider, so that a provider that hangs does not delay the others. */
export function createProviderWorker(
  services: Services,
  provider: PushProvider,
  { pollMs }: PushTimings,
): Poller {
  const { log, sql, config, tracing } = services
  const inFlight = new Set<Promise<void>>()
  const leaseMs = notificationLeaseMs(config.limits)

  async function turn(): Promise<number> {
    const free = inFlightMax - inFlight.size
    // Claim many at once: one query reads the state of all of them.
    if (free < inFlightMax / 2) return pollMs
    const due = await claimDue(sql, provider, free, leaseMs)
    const ctx = systemContext(services, 'push')
    const ids = due.flatMap(({ conversationId }) => conversationId ?? [])
    // Claimed notifications are sent whether or not their traces can be read.
    const causes = await readCauses(sql, tracing, ids).catch(() => new Map<string, TraceCause>())
    for (const notification of due) start(ctx, notification, spanOf(tracing, notification, causes))
    return due.length > 0 ? 0 : pollMs
  }

  function start(ctx: Context, notification: DueNotification, span: OpenSpan | null): void {
    const work = inSpan(span, () => handle(ctx, notification))
      .catch((error: unknown) =>
        log.warn({ err: error, attempt: notification.id }, 'notification failed, will retry'),
      )
      .finally(() => {
        inFlight.delete(work)
        poller.wake()
      })
    inFlight.add(work)
  }

  const poller = createPoller({ turn, log, failure: `notifications for ${provider} not claimed, will retry` })
  return {
    wake: poller.wake,
    async close() {
      await poller.close()
      await Promise.all(inFlight)
    },
  }
}

/** Opens a span in the trace of a message of the notification; null if none is traced. */
function spanOf(
  tracing: Tracing | null,
  { conversationId, provider, userId, fromSeq, toSeq }: DueNotification,
  causes: ReadonlyMap<string, TraceCause>,
): OpenSpan | null {
  const cause = causes.get(conversationId ?? '')
  if (!tracing || !cause || cause.seq < (fromSeq ?? 0) || cause.seq > (toSeq ?? 0)) return null
  return tracing.follow(cause.traceparent, 'CONSUMER', 'push notification', {
    'parlance.push.provider': provider,
    'parlance.user.id': userId,
    ...(conversationId !== null && { 'parlance.conversation.id': conversationId }),
  })
}

async function handle(ctx: Context, notification: DueNotification): Promise<void> {
  const delayMs = ctx.config.limits.pushDelayMs
  const decision = decide(notification, new Date(), delayMs)
  if (decision.act === 'WAIT_FOR_QUIET_END') return waitForQuietEnd(ctx.sql, notification, decision.until)
  if (decision.act === 'WAIT')
    return reschedule(ctx.sql, notification, decision.until, decision.requireLatest)
  if (decision.act === 'SUPPRESS') {
    const outcome = { status: 'SUPPRESSED', providerStatus: decision.reason, shownSeq: null } as const
    return completeNotification(ctx.sql, notification, outcome, delayMs)
  }
  const message = await shownMessage(ctx, notification)
  // Recalled after the decision: decide again.
  if (message?.recalledAt) return reschedule(ctx.sql, notification, new Date(), false)
  const result = await composeAndSend(ctx, notification, message)
  await recordOutcome(ctx, notification, result, message?.seq ?? null)
}

/** A notification that cannot be composed is retried like one that cannot be sent. */
async function composeAndSend(
  ctx: Context,
  notification: DueNotification,
  message: MessageRow | null,
): Promise<SendResult> {
  const { provider, token } = notification
  try {
    if (isWithdrawal(notification.purpose))
      return await sendWithdrawal(ctx.push, provider, await composeWithdrawal(ctx, notification), token ?? '')
    return await sendNotification(
      ctx.push,
      provider,
      await composeNotification(ctx, notification, message),
      token ?? '',
    )
  } catch (error) {
    ctx.log.warn({ err: error, attempt: notification.id }, 'notification not composed')
    return { outcome: 'RETRY', providerStatus: 'The notification could not be composed.', retryAfterMs: null }
  }
}

async function shownMessage(ctx: Context, notification: DueNotification): Promise<MessageRow | null> {
  const { conversationId, showSeq } = notification
  if (conversationId === null || showSeq === null) return null
  return loadMessageAt(ctx, { conversationId, seq: showSeq })
}

async function recordOutcome(
  ctx: Context,
  notification: DueNotification,
  result: SendResult,
  shownSeq: number | null,
): Promise<void> {
  const { pushDelayMs, pushTries } = ctx.config.limits
  const { outcome, providerStatus } = result
  ctx.push.count(notification.provider, outcome)
  ctx.tracing?.current()?.set({ 'parlance.push.outcome': outcome })
  if (outcome === 'RETRY' && notification.tries + 1 < pushTries)
    return retryLater(ctx.sql, notification, providerStatus, result.retryAfterMs)

  const status = outcome === 'RETRY' ? 'FAILED' : outcome
  if (status === 'GONE') await deleteGoneDevice(ctx, notification.deviceId)
  await completeNotification(ctx.sql, notification, { status, providerStatus, shownSeq }, pushDelayMs)
  const { conversationId } = notification
  // It may have been recalled during the request to the provider.
  if (status === 'SENT' && conversationId !== null && shownSeq !== null)
    await correctIfRecalled(ctx.sql, conversationId, shownSeq)
}
