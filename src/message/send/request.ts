import type { NewMessage } from '../../conversation/append/number.ts'
import type { Refusal } from '../../errors.ts'
import type { MessageRow } from '../store.ts'

/** A message of a user, with the key that makes its send idempotent. */
export interface SendRequest extends NewMessage {
  senderId: string
  clientMessageId: string
  requestHash: string
  /** Why it is not stored, unless it already was: a retry gets its message whatever the sender may do now. */
  refusal: Refusal | null
}

/** LOCKED: the conversation was skipped, because another transaction holds its lock. */
export type Outcome = MessageRow | Refusal | 'LOCKED'

export type Outcomes = Map<SendRequest, Outcome>

/** Codes with which sending refuses, for the schema; edits and forwards share them. */
export const sendErrors = [
  'NOT_FOUND',
  'NOT_FRIENDS',
  'BLOCKED',
  'MUTED',
  'FORBIDDEN',
  'INVALID_INPUT',
  'RATE_LIMITED',
] as const
