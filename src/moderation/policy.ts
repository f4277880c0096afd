import type { UserRow } from '../account/store.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { MessageRow } from '../message/store.ts'

/** A report is of what somebody else has sent. */
export function reportRefusal(message: MessageRow, reporterId: string): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'Nobody has sent a system message.')
  if (message.senderId === reporterId) return refuse('FORBIDDEN', 'A message of your own needs no report.')
  return null
}

/** Moderators hold each other in check by the operator who names them, not by suspending each other. */
export function suspensionRefusal(
  moderatorId: string,
  user: UserRow,
  userIsModerator: boolean,
): Refusal | null {
  if (user.id === moderatorId) return refuse('FORBIDDEN', 'You cannot suspend yourself.')
  if (userIsModerator) return refuse('FORBIDDEN', 'A moderator cannot be suspended by another.')
  return null
}
