import type { Context } from '../../context.ts'
import type { MessageRow } from '../store.ts'
import type { Repetition } from './duplicate-text.ts'

/** Reports a stored message whose text its sender sends to many conversations, once per burst. The sender does not learn of it. */
export function reportRepetition(ctx: Context, repetition: Repetition | null, message: MessageRow): void {
  const userId = message.senderId
  if (!repetition || repetition.refusal || repetition.reported || !userId) return
  repetition.setReported(true)
  const { conversations } = repetition
  const spam = { userId, kind: 'REPEATED_TEXT', messageId: message.id, conversations } as const
  ctx.log.warn(spam, 'duplicate text sent to many conversations')
  ctx.hooks.run('spamSuspected', ctx, spam).catch((error: unknown) => {
    // The next message of the burst tries again.
    repetition.setReported(false)
    ctx.log.error({ err: error, userId }, 'spam report failed')
  })
}
