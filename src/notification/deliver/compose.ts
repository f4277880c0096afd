import { loadSession } from '../../auth/session/store.ts'
import type { Context } from '../../context.ts'
import { totalUnread } from '../../conversation/unread.ts'
import { loadGroup } from '../../group/store.ts'
import type { MessageRow } from '../../message/store.ts'
import { shorten } from '../../platform/language/shorten.ts'
import type { DueNotification } from '../due.ts'
import type { PushNotification, Withdrawal } from '../provider/provider.ts'
import { senderFor, titleFor } from '../text/names.ts'
import { previewOf } from '../text/preview.ts'
import type { TemplateName } from '../text/templates.ts'

/** Providers accept a few kilobytes, and devices show less. */
const bodyMax = 240

/** The notification of a message, a recall or a sign-in. */
export async function composeNotification(
  ctx: Context,
  due: DueNotification,
  message: MessageRow | null,
): Promise<PushNotification> {
  const badge = await totalUnread(ctx, due.userId)
  const texts = await (due.purpose === 'SIGN_IN'
    ? signInTexts(ctx, due)
    : message
      ? messageTexts(ctx, due, message)
      : recalledTexts(ctx, due))
  return {
    // A retry has the same id unless a newer message is shown.
    id: `${due.id}.${message?.seq ?? 0}`,
    title: texts.title,
    body: shorten(texts.body, bodyMax),
    badge,
    tag: due.conversationId ?? 'sign-in',
    silent: due.purpose === 'RECALL',
    conversationId: due.conversationId,
    messageId: message?.id ?? null,
    seq: message?.seq ?? null,
  }
}

export async function composeWithdrawal(ctx: Context, due: DueNotification): Promise<Withdrawal> {
  const badge = await totalUnread(ctx, due.userId)
  return { id: due.id, tag: due.conversationId ?? '', badge, conversationId: due.conversationId }
}

interface Texts {
  title: string
  body: string
}

async function signInTexts(ctx: Context, { locale, sessionId }: DueNotification): Promise<Texts> {
  const session = sessionId ? await loadSession(ctx, sessionId) : null
  const { fill } = ctx.push.templates
  return {
    title: fill(locale, 'signInTitle'),
    body: fill(locale, 'signInBody', { device: session?.deviceName ?? '' }),
  }
}

async function recalledTexts(ctx: Context, due: DueNotification): Promise<Texts> {
  const title = await titleFor(ctx, due.userId, due.conversationId ?? '')
  return { title, body: ctx.push.templates.fill(due.locale, 'recalled') }
}

async function messageTexts(ctx: Context, due: DueNotification, message: MessageRow): Promise<Texts> {
  const group = await loadGroup(ctx, message.conversationId)
  const sender = await senderFor(ctx, due.userId, message)
  const title = group?.name ?? sender
  const { fill } = ctx.push.templates
  if (!due.showPreview) {
    const name: TemplateName = due.mentionsUser ? 'hiddenMention' : due.unread > 1 ? 'hiddenMany' : 'hidden'
    return { title, body: fill(due.locale, name, { sender, count: due.unread }) }
  }
  const text = await previewOf(ctx, message, due.locale)
  return { title, body: fill(due.locale, templateFor(due, group !== null), { sender, text }) }
}

function templateFor(due: DueNotification, inGroup: boolean): TemplateName {
  if (!inGroup) return 'direct'
  if (due.mentionsUser) return 'mention'
  return due.mentionsAll ? 'mentionAll' : 'group'
}
