import ipaddr from 'ipaddr.js'

/**
 * Rate-limit key of a client address: the IPv4 address, or the /64 network of an IPv6 address, since one household has a
 * whole network. Null for loopback, which says nothing about the client.
 */
export function addressKey(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'loopback') return null
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`
}
