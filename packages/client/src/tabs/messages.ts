import { type ErrorCode, errorWith, type ParlanceError } from '../errors.ts'
import type { Item, Pending } from '../outbox/item.ts'
import type { Action, OwnMessage, State } from '../store/state.ts'
import type { ConnectionState } from '../transport/socket.ts'

/** An error as it passes between tabs. */
export interface PlainError {
  code: ErrorCode
  message: string
  extensions: Readonly<Record<string, unknown>>
}

export type Outcome = { message: OwnMessage } | { error: PlainError }

/** From a follower to the leader. */
export type Up =
  /** Is there a leader of this term? Term 0 asks for the state. */
  | { kind: 'ping'; term: number }
  | { kind: 'apply'; action: Action }
  | { kind: 'subscribe'; id: string; document: string; variables: unknown }
  | { kind: 'unsubscribe'; id: string }
  | { kind: 'send'; item: Item; file?: Blob }
  | { kind: 'retry' | 'cancel'; key: string }
  | { kind: 'wake' }

/** From the leader to all followers, or to one. */
export type Down =
  | { kind: 'state'; state: State; connection: ConnectionState; pending: readonly Pending[] }
  | { kind: 'pong' }
  | { kind: 'applied'; action: Action }
  | { kind: 'connection'; connection: ConnectionState }
  | { kind: 'pending'; pending: readonly Pending[] }
  | { kind: 'next'; id: string; data: unknown }
  | { kind: 'end'; id: string; error: PlainError | null }
  | { kind: 'settled'; key: string; outcome: Outcome }

export type Message =
  | { from: string; up: Up }
  | { term: number; to?: string; down: Down }
  /** The user signed in or out in another tab. */
  | { session: { reason: string | null } }

export const plainError = ({ code, message, extensions }: ParlanceError): PlainError => ({
  ...{ code, message },
  extensions,
})

export const errorFrom = ({ code, message, extensions }: PlainError) => errorWith(code, message, extensions)
