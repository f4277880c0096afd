import type { Core } from '../../context.ts'
import type { Listener } from '../../hooks.ts'
import { typingAudience } from './audience.ts'
import type { TypingHub } from './hub.ts'

/** Whoever has sent has stopped typing. Costs nothing unless somebody was told that they type. */
export function endTyping({ sql, log }: Core, typing: TypingHub): Listener<'messageSent'> {
  return ({ userId, conversationId }) => {
    if (!typing.throttle.isTyping(userId, conversationId)) return
    typing.throttle.told(userId, conversationId, false)
    typingAudience(sql, conversationId, userId).then(
      (others) => typing.tell(others, { conversationId, userId, typing: false }),
      (error) => log.warn({ err: error }, 'the end of typing could not be told; it ends by itself'),
    )
  }
}
