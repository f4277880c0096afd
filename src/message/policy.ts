import type { Config } from '../config.ts'
import type { MembershipRow } from '../conversation/store.ts'
import { type Refusal, refuse } from '../errors.ts'
import { isManager } from '../group/policy.ts'
import type { ReactionFacts } from './reaction/store.ts'
import type { MessageRow } from './store.ts'

interface Aged {
  /** By the database's clock, under the lock. */
  ageSeconds: number
}

const recalled = () => refuse('CONFLICT', 'The message was recalled.')

export function editRefusal(message: MessageRow & Aged, editorId: string, config: Config): Refusal | null {
  if (message.senderId !== editorId) return refuse('FORBIDDEN', 'Only its sender may edit a message.')
  if (message.recalledAt) return recalled()
  if (message.kind !== 'TEXT' && message.kind !== 'RICH_TEXT')
    return refuse('FORBIDDEN', 'Only text and rich text can be edited.')
  const window = config.limits.editWindowSeconds
  if (message.ageSeconds > window)
    return refuse('TOO_LATE', `A message can be edited for ${window} seconds.`, { limitSeconds: window })
  return null
}

/** Moderators may take back what any person sent. */
export function moderatorRecallRefusal(message: MessageRow): Refusal | null {
  return message.senderId === null ? refuse('FORBIDDEN', 'System messages stay.') : null
}

/** Admins may take back anyone's message at any time, others their own within the window. */
export function recallRefusal(
  message: MessageRow & Aged,
  membership: MembershipRow,
  config: Config,
): Refusal | null {
  if (message.senderId === null) return moderatorRecallRefusal(message)
  if (membership.role === 'OWNER' || membership.role === 'ADMIN') return null
  if (message.senderId !== membership.userId)
    return refuse('FORBIDDEN', 'Only its sender may recall a message.')
  const window = config.limits.recallWindowSeconds
  if (message.ageSeconds > window)
    return refuse('TOO_LATE', `A message can be recalled for ${window} seconds.`, { limitSeconds: window })
  return null
}

/** What people sent may be reacted to, while it stands, with a limited choice of emojis. */
export function reactionTargetRefusal(
  message: MessageRow,
  facts: ReactionFacts,
  config: Config,
): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'System messages take no reactions.')
  if (message.recalledAt) return recalled()
  const { reactionsPerMessage, reactionsPerPerson } = config.limits
  if (!facts.used && facts.distinctCount >= reactionsPerMessage)
    return limitRefusal(`A message takes ${reactionsPerMessage} different emojis.`, reactionsPerMessage)
  if (facts.ownCount >= reactionsPerPerson)
    return limitRefusal(`A person puts ${reactionsPerPerson} emojis on one message.`, reactionsPerPerson)
  return null
}

/** What people sent may be pinned while it stands. */
export function pinTargetRefusal(message: MessageRow): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'System messages cannot be pinned.')
  return message.recalledAt ? recalled() : null
}

export function pinCountRefusal(pinCount: number, config: Config): Refusal | null {
  const limit = config.limits.pinnedMessages
  if (pinCount < limit) return null
  return limitRefusal(`${limit} messages are pinned here; take one down first.`, limit)
}

export function editCountRefusal(editCount: number, config: Config): Refusal | null {
  const limit = config.limits.editsPerMessage
  return editCount < limit ? null : limitRefusal(`A message can be edited ${limit} times.`, limit)
}

/** Earlier texts are for the sender, and for those who answer for the group. */
export function mayReadRevisions(message: MessageRow, membership: MembershipRow): boolean {
  return message.senderId === membership.userId || isManager(membership.role)
}

const limitRefusal = (text: string, limit: number) => refuse('LIMIT_EXCEEDED', text, { limit })
