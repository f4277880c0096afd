import { type Context, type Services, systemContext } from '../../context.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../../platform/poller.ts'
import { pauseMs } from '../deliver/outcome.ts'
import { retryOnError } from '../deliver/send.ts'
import type { SendResult } from '../provider/provider.ts'
import { quietUntil } from '../quiet-hours.ts'
import { recordDigest } from './attempts.ts'
import { composeDigest } from './compose.ts'
import {
  claimDigests,
  type DueDigest,
  endDigest,
  hasUnreadSince,
  restartDelay,
  retryDigest,
} from './store.ts'

const batchMax = 20
const pollMs = 500

/** Sends one mail, or one text message, to each person who stays away from what is unread. */
export function createDigestWorker(services: Services, channel: DigestChannel): Poller {
  const { log, sql } = services
  return createPoller({
    log,
    failure: `digests by ${channel} cannot be sent for now`,
    async turn() {
      const due = await claimDigests(sql, channel, batchMax)
      const ctx = systemContext(services, 'digest')
      await Promise.all(due.map((digest) => handle(ctx, digest)))
      return due.length > 0 ? 0 : pollMs
    },
  })
}

async function handle(ctx: Context, digest: DueDigest): Promise<void> {
  const { userId, wanted, told, since, seenAt } = digest
  const missedFrom = seenAt && seenAt > since ? seenAt : since
  if (!wanted) return suppress(ctx, digest, 'Switched off.')
  if (told) return suppress(ctx, digest, 'One was sent in this absence.')
  if (!(await hasUnreadSince(ctx.sql, userId, missedFrom))) return suppress(ctx, digest, 'Acknowledged.')
  if (seenAt && seenAt > since) {
    const at = new Date(seenAt.getTime() + ctx.config.limits.digestDelaySeconds * 1_000)
    return restartDelay(ctx.sql, digest, seenAt, at)
  }
  const until = quietUntil(digest, new Date())
  if (until) return reschedule(ctx, digest, until, null)
  const answer = await send(ctx, digest)
  if (!answer) return suppress(ctx, digest, 'Recalled, or not to be shown.')
  await recordOutcome(ctx, digest, answer)
}

// It ends first: a mail that is sent twice is worse than a record that is missing.
async function suppress(ctx: Context, digest: DueDigest, providerStatus: string): Promise<void> {
  await endDigest(ctx.sql, digest, false)
  await recordDigest(ctx.sql, digest, { status: 'SUPPRESSED', providerStatus, tries: digest.tries })
}

/** With what was answered when it was tried, if it was. */
async function reschedule(
  ctx: Context,
  digest: DueDigest,
  until: Date,
  answered: string | null,
): Promise<void> {
  const tries = digest.tries + (answered === null ? 0 : 1)
  await retryDigest(ctx.sql, digest, until, tries)
  await recordDigest(ctx.sql, digest, { status: 'QUEUED', providerStatus: answered, tries, dueAt: until })
}

/** null when there is nothing to tell. */
async function send(ctx: Context, digest: DueDigest): Promise<SendResult | null> {
  const { userId, channel, email, phone, since } = digest
  const made = await composeDigest(ctx, digest)
  if (!made) return null
  const { mailer, gateway } = ctx.push
  if (channel === 'EMAIL' && email && mailer)
    return retryOnError(() => mailer.send({ to: email, subject: made.subject, text: made.text }))
  if (channel === 'SMS' && phone && gateway)
    return retryOnError(() => gateway.text(`sms.${userId}.${since.getTime()}`, phone, made.line))
  return { outcome: 'FAILED', providerStatus: 'There is no address any more.' }
}

async function recordOutcome(ctx: Context, digest: DueDigest, answer: SendResult): Promise<void> {
  const { channel, tries } = digest
  const { outcome, providerStatus } = answer
  ctx.push.count(channel, outcome)
  const again = outcome === 'RETRY' && tries + 1 < ctx.config.limits.pushTries
  if (outcome !== 'SENT') ctx.log.warn({ channel, providerStatus, again }, 'a digest was not taken')
  if (again) {
    const until = new Date(Date.now() + pauseMs(tries, answer.afterMs))
    return reschedule(ctx, digest, until, providerStatus)
  }
  await endDigest(ctx.sql, digest, outcome === 'SENT')
  const status = outcome === 'SENT' ? outcome : 'FAILED'
  await recordDigest(ctx.sql, digest, { status, providerStatus, tries: tries + 1 })
}
