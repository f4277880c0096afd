import type { Limits } from '../../config.ts'
import { type Context, type Services, systemContext } from '../../context.ts'
import { loadMessageAt, type MessageRow } from '../../message/store.ts'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../../platform/poller.ts'
import { deleteGoneDevice } from '../device/delete-gone.ts'
import { claimDue, type DueNotification } from '../due.ts'
import type { SendResult } from '../provider/provider.ts'
import { withdrawLeft } from '../withdraw/left.ts'
import { withdrawIfRead } from '../withdraw/read.ts'
import { correctIfRecalled } from '../withdraw/recalled.ts'
import { isWithdrawal } from '../withdrawal.ts'
import { composeNotification, composeWithdrawal } from './compose.ts'
import { decide } from './decide.ts'
import { completeNotification, reschedule, retryLater } from './outcome.ts'
import { sendNotification, sendWithdrawal } from './send.ts'

const inFlightMax = 64
const pollMs = 250
/** Beyond what the provider may take to answer. */
const leaseMarginMs = 30_000

/** How long a notice belongs to whoever has taken it in hand. */
export const notificationLeaseMs = ({ pushTimeoutMs }: Limits): number => pushTimeoutMs + leaseMarginMs

/** Sends the notices of one provider, so that one that hangs holds up no other. */
export function createProviderWorker(services: Services, provider: PushProvider): Poller {
  const { log, sql, config } = services
  const inFlight = new Set<Promise<void>>()
  const leaseMs = notificationLeaseMs(config.limits)

  async function turn(): Promise<number> {
    const free = inFlightMax - inFlight.size
    // Many at a time: what decides them is read together.
    if (free < inFlightMax / 2) return pollMs
    const due = await claimDue(sql, provider, free, leaseMs)
    const ctx = systemContext(services, 'push')
    for (const notification of due) begin(ctx, notification)
    return due.length > 0 ? 0 : pollMs
  }

  function begin(ctx: Context, notification: DueNotification): void {
    const work = handle(ctx, notification)
      .catch((error: unknown) =>
        log.warn({ err: error, attempt: notification.id }, 'a notice is tried again later'),
      )
      .finally(() => {
        inFlight.delete(work)
        poller.wake()
      })
    inFlight.add(work)
  }

  const poller = createPoller({ turn, log, failure: `notifications for ${provider} cannot be sent for now` })
  return {
    wake: poller.wake,
    async close() {
      await poller.close()
      await Promise.all(inFlight)
    },
  }
}

async function handle(ctx: Context, notification: DueNotification): Promise<void> {
  const delayMs = ctx.config.limits.pushDelayMs
  const decision = decide(notification, new Date(), delayMs)
  if (decision.act === 'WAIT')
    return reschedule(ctx.sql, notification, decision.until, decision.requireLatest)
  if (decision.act === 'SUPPRESS') {
    const outcome = { status: 'SUPPRESSED', providerStatus: decision.reason, shownSeq: null } as const
    return completeNotification(ctx.sql, notification, outcome, delayMs)
  }
  const message = await shownMessage(ctx, notification)
  // Recalled since it was decided: decide again.
  if (message?.recalledAt) return reschedule(ctx.sql, notification, new Date(), false)
  const answer = await composeAndSend(ctx, notification, message)
  await recordOutcome(ctx, notification, answer, message?.seq ?? null)
}

/** A notice that cannot be made is given up like one that cannot be sent, after as many tries. */
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
    ctx.log.warn({ err: error, attempt: notification.id }, 'a notice could not be made')
    return { outcome: 'RETRY', providerStatus: 'The notice could not be made.', afterMs: null }
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
  answer: SendResult,
  shownSeq: number | null,
): Promise<void> {
  const { pushDelayMs, pushTries } = ctx.config.limits
  const { outcome, providerStatus } = answer
  ctx.push.count(notification.provider, outcome)
  if (outcome === 'RETRY' && notification.tries + 1 < pushTries)
    return retryLater(ctx.sql, notification, providerStatus, answer.afterMs)

  const status = outcome === 'RETRY' ? 'FAILED' : outcome
  if (status === 'GONE') await deleteGoneDevice(ctx, notification.deviceId)
  await completeNotification(ctx.sql, notification, { status, providerStatus, shownSeq }, pushDelayMs)
  if (status === 'SENT') await recheckAfterSending(ctx, notification, shownSeq)
}

/** What is shown by now may have been recalled, read, or left behind, while it was on its way. */
async function recheckAfterSending(
  ctx: Context,
  notification: DueNotification,
  shownSeq: number | null,
): Promise<void> {
  const { conversationId, purpose } = notification
  if (conversationId === null || isWithdrawal(purpose)) return
  if (shownSeq !== null) await correctIfRecalled(ctx.sql, conversationId, shownSeq)
  const isMember = await withdrawIfRead(ctx.sql, notification)
  if (!isMember) await withdrawLeft(ctx.sql, conversationId, [notification.userId])
}
