/** What a LiveSocket needs of a connection: a WebSocket has it, and an event stream. */
export interface Peer {
  readonly protocol: string
  /** As of a WebSocket. */
  readonly readyState: number
  readonly bufferedAmount: number
  readonly isPaused: boolean
  readonly extensions: string
  send(text: string, done?: () => void): void
  send(text: Buffer, options: { binary: boolean }, done?: () => void): void
  pause(): void
  resume(): void
  close(code?: number, reason?: string): void
  terminate(): void
  ping(): void
}
