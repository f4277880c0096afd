import type { Config } from '../../config.ts'
import { type Refusal, refuse } from '../../errors.ts'
import type { MessageRow } from '../store.ts'

/** The reactions of a message, from the view of one user who adds an emoji. */
export interface ReactionCounts {
  /** The user has added this emoji before. */
  mine: boolean
  /** Any user has added this emoji. */
  used: boolean
  distinctCount: number
  ownCount: number
}

export function reactionTargetRefusal(
  message: MessageRow,
  counts: ReactionCounts,
  config: Config,
): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'System messages take no reactions.')
  if (message.recalledAt) return refuse('CONFLICT', 'The message was recalled.')
  const { reactionsPerMessage, reactionsPerPerson } = config.limits
  if (!counts.used && counts.distinctCount >= reactionsPerMessage)
    return limitRefusal(
      `A message can have at most ${reactionsPerMessage} different reactions.`,
      reactionsPerMessage,
    )
  if (counts.ownCount >= reactionsPerPerson)
    return limitRefusal(`A user can add ${reactionsPerPerson} reactions to one message.`, reactionsPerPerson)
  return null
}

const limitRefusal = (text: string, limit: number) => refuse('LIMIT_EXCEEDED', text, { limit })
