import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { addressKey } from '../../platform/rate-limit/address-key.ts'

/** The address that rate limits count a request by; null for a program on this machine. */
export type ClientAddress = (request: IncomingMessage) => string | null

/**
 * X-Forwarded-For grows to the right: each proxy appends the address it was called from. Only what a trusted proxy
 * appended is used, so the list is read from the right; the client can invent entries further left. A proxy
 * on this machine is trusted unless TRUST_PROXY names the trusted ones.
 */
export function createClientAddress({ trustProxy }: Pick<Config, 'trustProxy'>, log: Logger): ClientAddress {
  let warned = false
  const warn = (message: string) => {
    if (!warned) log.warn(message)
    warned = true
  }
  const networks =
    trustProxy && 'networks' in trustProxy ? trustProxy.networks.map((text) => networkOf(text)) : []
  const isTrusted = (address: string, hop: number) => {
    if (!trustProxy) return hop === 0 && isLoopback(address)
    return 'hops' in trustProxy ? hop < trustProxy.hops : networks.some((network) => holds(network, address))
  }

  return (request) => {
    const entries = forwarded(request)
    const remote = normalised(request.socket.remoteAddress ?? '') ?? ''
    if (!trustProxy && !isLoopback(remote) && entries.length > 0)
      warn('X-Forwarded-For ignored; set TRUST_PROXY if the server is behind a proxy')
    let address = remote
    for (let hop = 0; isTrusted(address, hop); hop += 1) {
      const next = normalised(entries.pop() ?? '')
      if (next === null) break
      address = next
    }
    if (!isLoopback(address) || namesThisMachine(request.headers.host)) return addressKey(address)
    warn('requests of a proxy on this machine count as one address; have it send X-Forwarded-For')
    return address
  }
}

const isLoopback = (address: string) =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'

/** A request to a loopback address under another host name came through a proxy. */
const namesThisMachine = (host = 'localhost') =>
  /^(([\w-]+\.)*localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host)

function forwarded({ headers }: IncomingMessage): string[] {
  const header = headers['x-forwarded-for']
  const text = Array.isArray(header) ? header.join(',') : (header ?? '')
  return text === '' ? [] : text.split(',').map((part) => part.trim())
}

/** The canonical form of an address, IPv4 never mapped into IPv6; null if it is not an address. */
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
