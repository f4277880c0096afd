import type { Context, Services } from '../context.ts'
import type { DigestChannel } from '../platform/db/generated/enums.ts'
import { createPoller, type Poller } from '../platform/poller.ts'
import { composeDigest } from './compose-digest.ts'
import {
  beginAnew,
  claimDigests,
  type DueDigest,
  endDigest,
  hasUnreadSince,
  retryDigest,
} from './digest-store.ts'
import { ownContext } from './own-context.ts'
import { quietUntil } from './quiet-hours.ts'

const batchMax = 20
const pollMs = 500

/** Sends one mail, or one text message, to each person who stays away from what is unread. */
export function openDigestLane(services: Services, channel: DigestChannel): Poller {
  const { log, sql } = services
  return createPoller({
    log,
    failure: `digests by ${channel} cannot be sent for now`,
    async turn() {
      const due = await claimDigests(sql, channel, batchMax)
      const ctx = ownContext(services, 'digest')
      await Promise.all(due.map((digest) => handle(ctx, digest)))
      return due.length > 0 ? 0 : pollMs
    },
  })
}

async function handle(ctx: Context, digest: DueDigest): Promise<void> {
  const { userId, wanted, told, since, seenAt } = digest
  const missedFrom = seenAt && seenAt > since ? seenAt : since
  if (!wanted || told || !(await hasUnreadSince(ctx.sql, userId, missedFrom)))
    return endDigest(ctx.sql, digest, false)
  if (seenAt && seenAt > since) {
    const at = new Date(seenAt.getTime() + ctx.config.limits.digestDelaySeconds * 1_000)
    return beginAnew(ctx.sql, digest, seenAt, at)
  }
  const until = quietUntil(digest, new Date())
  if (until) return retryDigest(ctx.sql, digest, until, false)
  try {
    const sent = await send(ctx, digest)
    await endDigest(ctx.sql, digest, sent)
  } catch (error) {
    await fail(ctx, digest, error)
  }
}

/** Returns whether there was anything to tell. */
async function send(ctx: Context, digest: DueDigest): Promise<boolean> {
  const made = await composeDigest(ctx, digest)
  if (!made) return false
  const { channel, email, phone } = digest
  if (channel === 'EMAIL' && email)
    await ctx.push.mailer?.send({ to: email, subject: made.subject, text: made.text })
  if (channel === 'SMS' && phone) {
    const answer = await ctx.push.gateway?.text(phone, made.line)
    if (answer && answer.outcome !== 'SENT') throw new Error(`The gateway answered ${answer.providerStatus}.`)
  }
  return true
}

async function fail(ctx: Context, digest: DueDigest, error: unknown): Promise<void> {
  const { pushTries } = ctx.config.limits
  const again = digest.tries + 1 < pushTries
  ctx.log.warn({ err: error, channel: digest.channel, again }, 'a digest was not taken')
  if (!again) return endDigest(ctx.sql, digest, false)
  const pauseMs = Math.min(600_000, 1_000 * 2 ** digest.tries)
  await retryDigest(ctx.sql, digest, new Date(Date.now() + pauseMs), true)
}
