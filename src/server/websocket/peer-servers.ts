import type { IncomingMessage } from 'node:http'
import { handleProtocols } from 'graphql-ws'
import { type PerMessageDeflateOptions, type Server, type WebSocket, WebSocketServer } from 'ws'

const closeTimeoutMs = 5_000

/** Small windows, and no context between messages. A socket with both directions in use takes some 150 KB. */
const eachAlone: PerMessageDeflateOptions = {
  threshold: 1_024,
  concurrencyLimit: 2,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 12,
  zlibDeflateOptions: { level: 1, memLevel: 5 },
  zlibInflateOptions: { chunkSize: 1_024 },
}

/**
 * Each message refers to those before it: an event becomes a sixth as long, for some 100 µs of processor time, and lengths
 * reveal repetitions between messages. So a client must ask for it.
 */
const withContext: PerMessageDeflateOptions = {
  ...eachAlone,
  serverNoContextTakeover: undefined,
  zlibDeflateOptions: { level: 6, memLevel: 5, chunkSize: 2_048 },
}

const limitsClient = { clientMaxWindowBits: 12 }
/** The client lets the server limit its window. The library refuses the connection of one that does not, such as Firefox. */
const letsLimit = /client_max_window_bits\s*(?:[;,]|$)/
/** A smaller window than the server uses. */
const isSmaller = /server_max_window_bits\s*=\s*"?(?:8|9|10|11)\b/
const savesData = /[?&]save-data=on(?:&|$)/

/** The library's servers by the compression that they agree on. */
export class PeerServers<Socket extends typeof WebSocket> {
  readonly #plain: Server<Socket>
  readonly #compressing: Record<'each' | 'eachLimited' | 'context' | 'contextLimited', Server<Socket>>

  constructor(maxPayload: number, socket: Socket) {
    const create = (perMessageDeflate: PerMessageDeflateOptions | false) => {
      const options = { closeTimeout: closeTimeoutMs }
      return new WebSocketServer({
        noServer: true,
        maxPayload,
        perMessageDeflate,
        clientTracking: false,
        WebSocket: socket,
        handleProtocols,
        ...options,
      })
    }
    this.#plain = create(false)
    this.#compressing = {
      each: create(eachAlone),
      eachLimited: create({ ...eachAlone, ...limitsClient }),
      context: create(withContext),
      contextLimited: create({ ...withContext, ...limitsClient }),
    }
  }

  of({ url = '', headers }: IncomingMessage, mayCompress: boolean): Server<Socket> {
    const offer = headers['sec-websocket-extensions'] ?? ''
    if (!mayCompress || isSmaller.test(offer)) return this.#plain
    const { each, eachLimited, context, contextLimited } = this.#compressing
    if (savesData.test(url)) return letsLimit.test(offer) ? contextLimited : context
    return letsLimit.test(offer) ? eachLimited : each
  }
}
