import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { type Language, languageFor } from '../../platform/language/spoken.ts'
import { createClientAddress } from './client-address.ts'
import { originOf } from './origins.ts'

/** What the headers of a request say about its client. */
export interface Client {
  /** Base URL under which the client reaches this server, such as `https://chat.example`. */
  readonly origin: string
  /** Rate-limit key of the client address; null for loopback. */
  readonly address: string | null
  readonly language: Language
}

export type ReadClient = (request: IncomingMessage) => Client

const clientsMax = 2_000
const keyMax = 400

/** Clients send the same headers with every request, so the result is kept for those of the latest clients. */
export function createClientReader(
  config: Pick<Config, 'publicUrl' | 'trustProxy'>,
  log: Logger,
): ReadClient {
  const addressOf = createClientAddress(config, log)
  const known = new Map<string, Client>()

  return (request) => {
    const { headers, socket } = request
    const { host, 'accept-language': languages, 'x-forwarded-for': forwarded } = headers
    // No header contains a line break.
    const key = `${socket.remoteAddress}\n${host}\n${languages}\n${forwarded}`
    const found = known.get(key)
    if (found) return found
    const client = {
      origin: originOf(config, host),
      address: addressOf(request),
      language: languageFor(languages),
    }
    if (key.length > keyMax) return client
    if (known.size >= clientsMax) known.clear()
    known.set(key, client)
    return client
  }
}
