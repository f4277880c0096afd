import type { Services } from '../../context.ts'
import { mayType, typingRecipients } from './audience.ts'
import { ended, type VisibleTyping } from './event.ts'

/** After a friendship, block or membership changed: ends the typing indicators that a viewer may no longer see. */
export async function endHiddenTyping(
  { sql, config, log }: Pick<Services, 'sql' | 'config' | 'log'>,
  visible: Iterable<VisibleTyping>,
  now: () => number,
): Promise<void> {
  const byTypist = new Map<string, VisibleTyping[]>()
  for (const each of visible) {
    const key = `${each.typing.conversationId} ${each.typing.userId}`
    byTypist.set(key, [...(byTypist.get(key) ?? []), each])
  }
  for (const all of byTypist.values())
    await endHidden({ sql, config }, all, now).catch((error) =>
      log.warn({ err: error }, 'end of typing not published, indicators expire'),
    )
}

async function endHidden(
  { sql, config }: Pick<Services, 'sql' | 'config'>,
  all: readonly VisibleTyping[],
  now: () => number,
): Promise<void> {
  const [first] = all
  if (!first) return
  const { conversationId, userId } = first.typing
  const may = await mayType({ sql, config }, conversationId, userId)
  const recipients = new Set(may ? await typingRecipients(sql, conversationId, userId) : [])
  for (const { viewerId, listener, typing } of all)
    if (!recipients.has(viewerId)) listener.receive(ended(typing, now()))
}
