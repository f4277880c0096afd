import ipaddr from 'ipaddr.js'

/**
 * What limits by address are counted by: an IPv4 address, or the network of an IPv6 one, of which every household has 2⁶⁴.
 * null for this machine itself, which says nothing about who is there.
 */
export function addressKey(address: string): string | null {
  if (!ipaddr.isValid(address)) return null
  const parsed = ipaddr.process(address)
  if (parsed.range() === 'loopback') return null
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`
}
