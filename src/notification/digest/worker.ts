import { type Context, type Services, systemContext } from '../../context.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../../platform/poller.ts'
import { pauseMs } from '../deliver/outcome.ts'
import { retryOnError } from '../deliver/send.ts'
import type { SendResult } from '../provider/provider.ts'
import { quietUntil } from '../quiet-hours.ts'
import type { PushTimings } from '../timings.ts'
import { recordDigest } from './attempts.ts'
import { composeDigest } from './compose.ts'
import {
  claimDigests,
  type DueDigest,
  endDigest,
  hasUnreadSince,
  restartDelay,
  retryDigest,
  waitForQuietEnd,
} from './store.ts'

const batchMax = 20

/** Sends one mail or text message about unread messages to each user who stays away. */
export function createDigestWorker(
  services: Services,
  channel: DigestChannel,
  { digestPollMs }: PushTimings,
): Poller {
  const { log, sql } = services
  return createPoller({
    log,
    failure: `digests by ${channel} not claimed, will retry`,
    async turn() {
      const due = await claimDigests(sql, channel, batchMax)
      const ctx = systemContext(services, 'digest')
      await Promise.all(due.map((digest) => handle(ctx, digest)))
      return due.length > 0 ? 0 : digestPollMs
    },
  })
}

async function handle(ctx: Context, digest: DueDigest): Promise<void> {
  const { userId, wanted, alreadySent, since, seenAt } = digest
  const missedFrom = seenAt && seenAt > since ? seenAt : since
  if (!wanted) return suppress(ctx, digest, 'Disabled.')
  if (alreadySent) return suppress(ctx, digest, 'A digest was already sent in this absence.')
  if (!(await hasUnreadSince(ctx.sql, userId, missedFrom))) return suppress(ctx, digest, 'Acknowledged.')
  if (seenAt && seenAt > since) {
    const at = new Date(seenAt.getTime() + ctx.config.limits.digestDelaySeconds * 1_000)
    return restartDelay(ctx.sql, digest, seenAt, at)
  }
  const until = quietUntil(digest, new Date())
  if (until) return postpone(ctx, digest, until)
  const result = await send(ctx, digest)
  if (!result) return suppress(ctx, digest, 'No message to show.')
  await recordOutcome(ctx, digest, result)
}

// Ends the digest first: a missing record is better than a mail that is sent twice.
async function suppress(ctx: Context, digest: DueDigest, providerStatus: string): Promise<void> {
  await endDigest(ctx.sql, digest, false)
  await recordDigest(ctx.sql, digest, { status: 'SUPPRESSED', providerStatus, tries: digest.tries })
}

async function postpone(ctx: Context, digest: DueDigest, until: Date): Promise<void> {
  await waitForQuietEnd(ctx.sql, digest, until)
  const { tries } = digest
  await recordDigest(ctx.sql, digest, { status: 'QUEUED', providerStatus: null, tries, dueAt: until })
}

/** null if nothing is unread. */
async function send(ctx: Context, digest: DueDigest): Promise<SendResult | null> {
  const { userId, channel, email, phone, since } = digest
  const composed = await composeDigest(ctx, digest)
  if (!composed) return null
  const { mailer, gateway } = ctx.push
  if (channel === 'EMAIL' && email && mailer)
    return retryOnError(() => mailer.send({ to: email, subject: composed.subject, text: composed.text }))
  if (channel === 'SMS' && phone && gateway)
    return retryOnError(() => gateway.text(`sms.${userId}.${since.getTime()}`, phone, composed.line))
  return { outcome: 'FAILED', providerStatus: 'The user has no verified address.' }
}

async function recordOutcome(ctx: Context, digest: DueDigest, result: SendResult): Promise<void> {
  const { channel, tries } = digest
  const { outcome, providerStatus } = result
  ctx.push.count(channel, outcome)
  const again = outcome === 'RETRY' && tries + 1 < ctx.config.limits.pushTries
  if (outcome !== 'SENT')
    ctx.log.warn({ channel, providerStatus }, again ? 'digest failed, will retry' : 'digest failed')
  if (again) {
    const until = new Date(Date.now() + pauseMs(tries, result.retryAfterMs))
    await retryDigest(ctx.sql, digest, until, tries + 1)
    return recordDigest(ctx.sql, digest, { status: 'QUEUED', providerStatus, tries: tries + 1, dueAt: until })
  }
  await endDigest(ctx.sql, digest, outcome === 'SENT')
  const status = outcome === 'SENT' ? outcome : 'FAILED'
  await recordDigest(ctx.sql, digest, { status, providerStatus, tries: tries + 1 })
}
