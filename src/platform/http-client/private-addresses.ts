import ipaddr from 'ipaddr.js'

// Of IPv6 nothing else has been given to anybody; ::127.0.0.1 was an address of this machine once.
const given = ipaddr.parseCIDR('2000::/3')

/** An address that leads anywhere but to the public internet: this machine, a network of one's own, a multicast. */
export function isPrivateAddress(address: string): boolean {
  // Brackets stand round an IPv6 address in a URL.
  const bare = address.replace(/^\[|\]$/g, '')
  if (!ipaddr.isValid(bare)) return false
  const parsed = ipaddr.process(bare)
  return parsed.range() !== 'unicast' || (parsed.kind() === 'ipv6' && !parsed.match(given))
}

/** A host that is known to be private without looking it up. */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return isPrivateAddress(name) || name === 'localhost' || name.endsWith('.localhost') || !/[.:]/.test(name)
}
