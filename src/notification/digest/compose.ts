import { loadUser } from '../../account/store.ts'
import type { Context } from '../../context.ts'
import { unreadCount } from '../../conversation/read-count.ts'
import { totalUnread } from '../../conversation/unread.ts'
import { loadMessageAt } from '../../message/store.ts'
import { senderFor, titleFor } from '../text/names.ts'
import { previewOf } from '../text/preview.ts'
import { type DueDigest, unreadOf } from './store.ts'

export interface ComposedDigest {
  subject: string
  text: string
  /** The text message. */
  line: string
}

interface UnreadConversation {
  conversationId: string
  unread: number
  /** The newest message to show. */
  seq: number
  /** The number of such conversations. */
  count: number
}

const listedMax = 10

// Conversations in which all unread messages were recalled are left out.
const listUnread = `
  select m.conversation_id as "conversationId", ${unreadCount} as unread, show.seq,
         (count(*) over ())::integer as count
  from membership m join conversation c on c.id = m.conversation_id
  cross join lateral (
    select s.seq from message s where ${unreadOf} order by s.seq desc limit 1
  ) show
  where m.user_id = $1 and not m.do_not_disturb and c.message_count > m.read_count
  order by c.last_activity_at desc limit ${listedMax}`

/** The user's unread messages at this time; null if there are none. */
export async function composeDigest(ctx: Context, digest: DueDigest): Promise<ComposedDigest | null> {
  const { userId, locale } = digest
  const conversations = await ctx.sql.query<UnreadConversation>(listUnread, [userId])
  const [first] = conversations
  if (!first) return null

  const { fill } = ctx.push.templates
  const count = await totalUnread(ctx, userId)
  const name = (await loadUser(ctx, userId))?.displayName ?? ''
  const others = first.count - conversations.length
  const lines = await Promise.all(conversations.map((each) => conversationLines(ctx, digest, each)))
  const text = [
    fill(locale, 'digestGreeting', { name }),
    ...lines,
    ...(others > 0 ? [fill(locale, 'digestMore', { count: others })] : []),
    fill(locale, 'digestEnd'),
  ].join('\n\n')
  return {
    subject: fill(locale, 'digestSubject', { count }),
    text,
    line: fill(locale, 'sms', { count, conversations: first.count }),
  }
}

async function conversationLines(
  ctx: Context,
  { userId, locale, showPreview }: DueDigest,
  { conversationId, unread, seq }: UnreadConversation,
): Promise<string> {
  const title = await titleFor(ctx, userId, conversationId)
  const line = ctx.push.templates.fill(locale, 'digestLine', { title, count: unread })
  const message = showPreview ? await loadMessageAt(ctx, { conversationId, seq }) : null
  if (!message || message.recalledAt) return line
  const sender = await senderFor(ctx, userId, message)
  const preview = await previewOf(ctx, message, locale)
  return `${line}\n  ${ctx.push.templates.fill(locale, 'group', { sender, text: preview })}`
}
