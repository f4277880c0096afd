import type { Limits } from '../../config.ts'
import type { Context, Services } from '../../context.ts'
import { loadMessageAt, type MessageRow } from '../../message/store.ts'
import type { PushProvider } from '../../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../../platform/poller.ts'
import { ownContext } from '../background-context.ts'
import { forgetGone } from '../device/delete-gone.ts'
import { claimDue, type DueNotice } from '../due.ts'
import type { Answer } from '../provider/provider.ts'
import { withdrawLeft } from '../withdraw/left.ts'
import { withdrawIfRead } from '../withdraw/read.ts'
import { correctIfRecalled } from '../withdraw/recalled.ts'
import { isWithdrawal } from '../withdrawal.ts'
import { composeNotice, composeWithdrawal } from './compose.ts'
import { decide } from './decide.ts'
import { endNotice, letWait, retryNotice } from './outcome.ts'
import { sendNotice, sendWithdrawal } from './send.ts'

const inFlightMax = 64
const pollMs = 250
/** Beyond what the provider may take to answer. */
const leaseMarginMs = 30_000

/** How long a notice belongs to whoever has taken it in hand. */
export const noticeLeaseMs = ({ pushTimeoutMs }: Limits): number => pushTimeoutMs + leaseMarginMs

/** Sends the notices of one provider, so that one that hangs holds up no other. */
export function openLane(services: Services, provider: PushProvider): Poller {
  const { log, sql, config } = services
  const inFlight = new Set<Promise<void>>()
  const leaseMs = noticeLeaseMs(config.limits)

  async function turn(): Promise<number> {
    const free = inFlightMax - inFlight.size
    // Many at a time: what decides them is read together.
    if (free < inFlightMax / 2) return pollMs
    const due = await claimDue(sql, provider, free, leaseMs)
    const ctx = ownContext(services, 'push')
    for (const notice of due) begin(ctx, notice)
    return due.length > 0 ? 0 : pollMs
  }

  function begin(ctx: Context, notice: DueNotice): void {
    const work = handle(ctx, notice)
      .catch((error: unknown) =>
        log.warn({ err: error, attempt: notice.id }, 'a notice is tried again later'),
      )
      .finally(() => {
        inFlight.delete(work)
        poller.wake()
      })
    inFlight.add(work)
  }

  const poller = createPoller({ turn, log, failure: `notices for ${provider} cannot be sent for now` })
  return {
    wake: poller.wake,
    async close() {
      await poller.close()
      await Promise.all(inFlight)
    },
  }
}

async function handle(ctx: Context, notice: DueNotice): Promise<void> {
  const delayMs = ctx.config.limits.pushDelayMs
  const decision = decide(notice, new Date(), delayMs)
  if (decision.act === 'WAIT') return letWait(ctx.sql, notice, decision.until, decision.followed)
  if (decision.act === 'SUPPRESS') {
    const outcome = { status: 'SUPPRESSED', providerStatus: decision.reason, shownSeq: null } as const
    return endNotice(ctx.sql, notice, outcome, delayMs)
  }
  const message = await shownMessage(ctx, notice)
  // Recalled since it was decided: decide again.
  if (message?.recalledAt) return letWait(ctx.sql, notice, new Date(), false)
  const answer = await makeAndSend(ctx, notice, message)
  await settle(ctx, notice, answer, message?.seq ?? null)
}

/** A notice that cannot be made is given up like one that cannot be sent, after as many tries. */
async function makeAndSend(ctx: Context, notice: DueNotice, message: MessageRow | null): Promise<Answer> {
  const { provider, token } = notice
  try {
    if (isWithdrawal(notice.purpose))
      return await sendWithdrawal(ctx.push, provider, await composeWithdrawal(ctx, notice), token ?? '')
    return await sendNotice(ctx.push, provider, await composeNotice(ctx, notice, message), token ?? '')
  } catch (error) {
    ctx.log.warn({ err: error, attempt: notice.id }, 'a notice could not be made')
    return { outcome: 'RETRY', providerStatus: 'The notice could not be made.', afterMs: null }
  }
}

async function shownMessage(ctx: Context, notice: DueNotice): Promise<MessageRow | null> {
  const { conversationId, showSeq } = notice
  if (conversationId === null || showSeq === null) return null
  return loadMessageAt(ctx, { conversationId, seq: showSeq })
}

async function settle(
  ctx: Context,
  notice: DueNotice,
  answer: Answer,
  shownSeq: number | null,
): Promise<void> {
  const { pushDelayMs, pushTries } = ctx.config.limits
  const { outcome, providerStatus } = answer
  ctx.push.count(notice.provider, outcome)
  if (outcome === 'RETRY' && notice.tries + 1 < pushTries)
    return retryNotice(ctx.sql, notice, providerStatus, answer.afterMs)

  const status = outcome === 'RETRY' ? 'FAILED' : outcome
  if (status === 'GONE') await forgetGone(ctx, notice.deviceId)
  await endNotice(ctx.sql, notice, { status, providerStatus, shownSeq }, pushDelayMs)
  if (status === 'SENT') await lookAgain(ctx, notice, shownSeq)
}

/** What is shown by now may have been recalled, read, or left behind, while it was on its way. */
async function lookAgain(ctx: Context, notice: DueNotice, shownSeq: number | null): Promise<void> {
  const { conversationId, purpose } = notice
  if (conversationId === null || isWithdrawal(purpose)) return
  if (shownSeq !== null) await correctIfRecalled(ctx.sql, conversationId, shownSeq)
  const isMember = await withdrawIfRead(ctx.sql, notice)
  if (!isMember) await withdrawLeft(ctx.sql, conversationId, [notice.userId])
}
