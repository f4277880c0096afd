import type { UserRow } from '../account/store.ts'
import { type Refusal, refuse } from '../errors.ts'
import type { MessageRow } from '../message/store.ts'

/** Only messages of other users can be reported. */
export function reportRefusal(message: MessageRow, reporterId: string): Refusal | null {
  if (message.senderId === null) return refuse('FORBIDDEN', 'A system message cannot be reported.')
  if (message.senderId === reporterId) return refuse('FORBIDDEN', 'Your own message cannot be reported.')
  return null
}

/** Moderators cannot suspend each other: only the operator, who appoints them and has no id here, can dismiss one first. */
export function suspensionRefusal(
  moderatorId: string | null,
  user: UserRow,
  userIsModerator: boolean,
): Refusal | null {
  if (user.id === moderatorId) return refuse('FORBIDDEN', 'You cannot suspend yourself.')
  if (userIsModerator) return refuse('FORBIDDEN', 'A moderator cannot be suspended.')
  return null
}
