import type { Config } from '../config.ts'
import type { MembershipRow } from '../conversation/store.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { MessageRow } from './store.ts'

interface Aged {
  /** By the database's clock, under the lock. */
  ageSeconds: number
}

export function editRefusal(message: MessageRow & Aged, editorId: string, config: Config): Refusal | null {
  if (message.senderId !== editorId) return refuse('FORBIDDEN', 'Only its sender may edit a message.')
  if (message.recalledAt) return refuse('CONFLICT', 'The message was recalled.')
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
