import type { Config } from '../../config.ts'
import { type Refusal, refuse } from '../../errors.ts'
import type { MessageRow } from '../store.ts'

export function pinTargetRefusal(message: MessageRow): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'System messages cannot be pinned.')
  return message.recalledAt ? refuse('CONFLICT', 'The message was recalled.') : null
}

export function pinCountRefusal(pinCount: number, config: Config): Refusal | null {
  const limit = config.limits.pinnedMessages
  if (pinCount < limit) return null
  return refuse(
    'LIMIT_EXCEEDED',
    `A conversation can have at most ${limit} pinned messages; unpin one first.`,
    {
      limit,
    },
  )
}
