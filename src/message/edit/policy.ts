import type { Config } from '../../config.ts'
import type { MembershipRow } from '../../conversation/store.ts'
import { type Refusal, refuse } from '../../errors.ts'
import { isManager } from '../../group/policy.ts'
import type { LockedMessage, MessageRow } from '../store.ts'

export function editRefusal(message: LockedMessage, editorId: string, config: Config): Refusal | null {
  if (message.senderId !== editorId) return refuse('FORBIDDEN', 'Only its sender can edit a message.')
  if (message.recalledAt) return refuse('CONFLICT', 'The message was recalled.')
  if (message.kind !== 'TEXT' && message.kind !== 'RICH_TEXT')
    return refuse('FORBIDDEN', 'Only text and rich text can be edited.')
  const window = config.limits.editWindowSeconds
  if (message.ageSeconds > window)
    return refuse('TOO_LATE', `A message can be edited for ${window} seconds.`, { limit: window })
  return null
}

export function editCountRefusal(editCount: number, config: Config): Refusal | null {
  const limit = config.limits.editsPerMessage
  if (editCount < limit) return null
  return refuse('LIMIT_EXCEEDED', `A message can be edited at most ${limit} times.`, { limit })
}

/** A moderator may recall any message that a user sent. */
export function moderatorRecallRefusal(message: MessageRow): Refusal | null {
  return message.senderId === null ? refuse('FORBIDDEN', 'System messages cannot be recalled.') : null
}

/** The group's owner and admins may recall any user's message at any time, others their own within the window. */
export function recallRefusal(
  message: LockedMessage,
  membership: MembershipRow,
  config: Config,
): Refusal | null {
  if (message.senderId === null) return moderatorRecallRefusal(message)
  if (isManager(membership.role)) return null
  if (message.senderId !== membership.userId)
    return refuse('FORBIDDEN', 'Only its sender can recall a message.')
  const window = config.limits.recallWindowSeconds
  if (message.ageSeconds > window)
    return refuse('TOO_LATE', `A message can be recalled for ${window} seconds.`, { limit: window })
  return null
}

/** Earlier texts are for the sender and the group's owner and admins. */
export function mayReadRevisions(message: MessageRow, membership: MembershipRow): boolean {
  return message.senderId === membership.userId || isManager(membership.role)
}
