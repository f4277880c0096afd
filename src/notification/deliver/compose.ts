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

/** In code points: providers take some kilobytes, and devices show less. */
const bodyMax = 240

/** What the device shows: of a message, of nothing any more, or of a sign-in. */
export async function composeNotification(
  ctx: Context,
  due: DueNotification,
  message: MessageRow | null,
): Promise<PushNotification> {
  const badge = await totalUnread(ctx, due.userId)
  const words = await (due.purpose === 'SIGN_IN'
    ? signInWords(ctx, due)
    : message
      ? messageWords(ctx, due, message)
      : recalledWords(ctx, due))
  return {
    // What is told again after a failure is the same; what has come in meanwhile is not.
    id: `${due.id}.${message?.seq ?? 0}`,
    title: words.title,
    body: shorten(words.body, bodyMax),
    badge,
    tag: due.conversationId ?? 'sign-in',
    silent: due.purpose === 'RECALL',
    conversationId: due.conversationId,
    messageId: message?.id ?? null,
    seq: message?.seq ?? null,
  }
}

/** What the device shows no longer, with what is unread by now. */
export async function composeWithdrawal(ctx: Context, due: DueNotification): Promise<Withdrawal> {
  const badge = await totalUnread(ctx, due.userId)
  return { id: due.id, tag: due.conversationId ?? '', badge, conversationId: due.conversationId }
}

interface Words {
  title: string
  body: string
}

async function signInWords(ctx: Context, { locale, sessionId }: DueNotification): Promise<Words> {
  const session = sessionId ? await loadSession(ctx, sessionId) : null
  const { fill } = ctx.push.templates
  return {
    title: fill(locale, 'signInTitle'),
    body: fill(locale, 'signInBody', { device: session?.deviceName ?? '' }),
  }
}

async function recalledWords(ctx: Context, due: DueNotification): Promise<Words> {
  const title = await titleFor(ctx, due.userId, due.conversationId ?? '')
  return { title, body: ctx.push.templates.fill(due.locale, 'recalled') }
}

async function messageWords(ctx: Context, due: DueNotification, message: MessageRow): Promise<Words> {
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
