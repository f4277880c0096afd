import type { Core } from '../../context.ts'
import type { Listener } from '../../hooks.ts'
import { typingRecipients } from './audience.ts'
import type { TypingHub } from './hub.ts'

/** A message ends its sender's typing. Does nothing unless the typing was published. */
export function endTyping({ sql, log }: Core, typing: TypingHub): Listener<'messageSent'> {
  return ({ userId, conversationId }) => {
    if (!typing.throttle.isTyping(userId, conversationId)) return
    typing.throttle.note(userId, conversationId, false)
    typingRecipients(sql, conversationId, userId).then(
      (recipients) => typing.publish(recipients, { conversationId, userId, typing: false }),
      (error) => log.warn({ err: error }, 'end of typing not published, indicators expire'),
    )
  }
}
