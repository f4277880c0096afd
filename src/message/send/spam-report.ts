import type { Context } from '../../context.ts'
import type { MessageRow } from '../store.ts'
import type { Repetition } from './duplicate-text.ts'

/** A message went out that its sender has sent to many: it is told once for each burst, and behind the sender's back. */
export function noteRepetition(ctx: Context, repetition: Repetition | null, message: MessageRow): void {
  const userId = message.senderId
  if (!repetition || repetition.refusal || repetition.told || !userId) return
  repetition.tell(true)
  const { conversations } = repetition
  const suspicion = { userId, kind: 'REPEATED_TEXT', messageId: message.id, conversations } as const
  ctx.log.warn(suspicion, 'somebody sends the same text to many')
  ctx.hooks.run('spamSuspected', ctx, suspicion).catch((error: unknown) => {
    // The next message of the burst tries again.
    repetition.tell(false)
    ctx.log.error({ err: error, userId }, 'a suspicion could not be put on record')
  })
}
