import type { Services } from '../../context.ts'
import { typingAudience } from './audience.ts'

/** Whoever has sent has stopped typing. Costs nothing unless somebody was told that they type. */
export function endTyping({ typing, sql, log }: Pick<Services, 'typing' | 'sql' | 'log'>) {
  return (userId: string, conversationId: string): void => {
    if (!typing.throttle.isTyping(userId, conversationId)) return
    typing.throttle.told(userId, conversationId, false)
    typingAudience(sql, conversationId, userId).then(
      (others) => typing.tell(others, { conversationId, userId, typing: false }),
      (error) => log.warn({ err: error }, 'the end of typing could not be told; it ends by itself'),
    )
  }
}
