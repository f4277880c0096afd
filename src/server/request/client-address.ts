import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'

/** Whom a request comes from, as far as the proxies in between are believed. */
export type ClientAddress = (request: IncomingMessage) => string

/**
 * X-Forwarded-For grows to the right: each proxy appends whom it heard. Only what a trusted proxy appended is
 * believed, so it is read from the right; what stands further left may be anybody's invention.
 */
export function createClientAddress({ trustProxy }: Pick<Config, 'trustProxy'>, log: Logger): ClientAddress {
  let warned = false
  const networks =
    trustProxy && 'networks' in trustProxy ? trustProxy.networks.map((text) => networkOf(text)) : []
  const isTrusted = (address: string, hop: number) => {
    if (!trustProxy) return false
    return 'hops' in trustProxy ? hop < trustProxy.hops : networks.some((network) => holds(network, address))
  }

  return (request) => {
    const heard = forwarded(request)
    let address = normalised(request.socket.remoteAddress ?? '') ?? ''
    if (heard.length > 0 && !trustProxy && !warned) {
      warned = true
      log.warn(
        'X-Forwarded-For came and is not believed: set TRUST_PROXY if a proxy stands before the server',
      )
    }
    for (let hop = 0; isTrusted(address, hop); hop += 1) {
      const next = normalised(heard.pop() ?? '')
      if (next === null) break
      address = next
    }
    return address
  }
}

function forwarded({ headers }: IncomingMessage): string[] {
  const header = headers['x-forwarded-for']
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text === '' ? [] : text.split(',').map((part) => part.trim())
}

/** The address as it is usually written, an IPv4 one never inside an IPv6 one; null when it is none. */
function normalised(text: string): string | null {
  const bare = text.replace(/^\[([^\]]+)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return /[.:]/.test(bare) && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : null
}

type Network = ReturnType<typeof ipaddr.parseCIDR>

function networkOf(text: string): Network {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Network
}

function holds([base, bits]: Network, address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return parsed.kind() === base.kind() && parsed.match(base, bits)
}
