import ipaddr from 'ipaddr.js'

// The only allocated range of IPv6; excludes deprecated forms such as ::127.0.0.1.
const allocated = ipaddr.parseCIDR('2000::/3')

/** Whether an address is outside the public internet: loopback, private, link-local, multicast and so on. */
export function isPrivateAddress(address: string): boolean {
  // In URLs an IPv6 address is in brackets.
  const bare = address.replace(/^\[|\]$/g, '')
  if (!ipaddr.isValid(bare)) return false
  const parsed = ipaddr.process(bare)
  return parsed.range() !== 'unicast' || (parsed.kind() === 'ipv6' && !parsed.match(allocated))
}

/** Whether a host is private without a lookup: by its address, or as a local name. */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return isPrivateAddress(name) || name === 'localhost' || name.endsWith('.localhost') || !/[.:]/.test(name)
}
