import type { ByteString } from '../../platform/graphql/shared/byte-string.ts'

/** What a LiveSocket needs of a connection: a WebSocket has it, and an event stream. */
export interface Peer {
  readonly protocol: string
  /** As of a WebSocket. */
  readonly readyState: number
  readonly bufferedAmount: number
  readonly isPaused: boolean
  sendBytes(text: ByteString, done?: () => void): void
  pause(): void
  resume(): void
  close(code?: number, reason?: string): void
  terminate(): void
  ping(): void
}
