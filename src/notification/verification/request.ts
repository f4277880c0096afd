import { requireAccount } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { DigestChannel } from '../../platform/db/generated/enums.ts'
import { newId } from '../../platform/ids.ts'
import { retryOnError } from '../deliver/send.ts'
import { localeOf } from '../device/store.ts'
import type { SendResult } from '../provider/provider.ts'
import { hashOf, newCode } from './code.ts'
import { limitCodes } from './limits.ts'
import { codeLifeSeconds, contactOf, replaceCode } from './store.ts'

export interface SentVerification {
  channel: DigestChannel
  expiresAt: Date
}

/** Sends a code to the viewer's e-mail address or phone number. A new code invalidates the previous one. */
export async function requestContactVerification(
  ctx: Context,
  channel: DigestChannel,
): Promise<SentVerification> {
  const { userId } = requireViewer(ctx)
  const send = senderOf(ctx, channel)
  const { address, verifiedAt } = contactOf(await requireAccount(ctx.sql, userId), channel)
  if (address === null) throw refuse('CONFLICT', 'Set an address first, with updateProfile.')
  if (verifiedAt !== null) throw refuse('CONFLICT', 'The address is already verified.')

  await limitCodes(ctx, channel, address)
  const code = newCode()
  const expiresAt = await replaceCode(
    ctx.sql,
    userId,
    channel,
    hashOf(ctx, { userId, channel, address, code }),
  )
  const result = await retryOnError(async () => send(address, code, await localeOf(ctx.sql, userId)))
  ctx.push.count(channel, result.outcome)
  if (result.outcome === 'SENT') return { channel, expiresAt }
  ctx.log.warn({ channel, providerStatus: result.providerStatus }, 'verification code not sent')
  throw result.outcome === 'RETRY'
    ? refuse('UNAVAILABLE', 'The code could not be sent; try again later.')
    : refuse('CONFLICT', 'The code could not be delivered to this address.')
}

type Send = (address: string, code: string, locale: string) => Promise<SendResult>

function senderOf(ctx: Context, channel: DigestChannel): Send {
  const { mailer, gateway, templates } = ctx.push
  const minutes = codeLifeSeconds / 60
  if (channel === 'EMAIL' && mailer)
    return (to, code, locale) =>
      mailer.send({
        to,
        subject: templates.fill(locale, 'verificationSubject'),
        text: templates.fill(locale, 'verification', { code, minutes }),
      })
  if (channel === 'SMS' && gateway)
    return (to, code, locale) =>
      gateway.text(`verification.${newId()}`, to, templates.fill(locale, 'verification', { code, minutes }))
  throw refuse(
    'FORBIDDEN',
    `This server sends no codes by ${channel === 'EMAIL' ? 'email' : 'text message'}.`,
  )
}
