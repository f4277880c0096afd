import type { GraphQLError } from '../errors.ts'

/** The part of the standard WebSocket that the client uses, so that other platforms can stand in. */
export interface WebSocketLike {
  /** 2 while it is being closed; undefined on platforms without it. */
  readonly readyState?: number
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

export type OpenWebSocket = (url: string, protocol: string) => WebSocketLike

export interface Answer {
  data?: unknown
  errors?: GraphQLError[]
}

/** What a server sends, by the protocol graphql-transport-ws. */
export type ServerFrame =
  | { type: 'connection_ack' }
  | { type: 'ping' }
  | { type: 'pong' }
  | { type: 'next'; id: string; payload: Answer }
  | { type: 'error'; id: string; payload: GraphQLError[] }
  | { type: 'complete'; id: string }

export const protocol = 'graphql-transport-ws'

export function defaultWebSocket(): OpenWebSocket {
  const { WebSocket } = globalThis as { WebSocket?: new (url: string, protocol: string) => WebSocketLike }
  if (!WebSocket) throw new Error('There is no WebSocket: pass the option `webSocket`.')
  return (url, name) => new WebSocket(url, name)
}
