import ipaddr from 'ipaddr.js'

/** An address that leads anywhere but to the public internet: this machine, a network of one's own, a multicast. */
export function isPrivateAddress(address: string): boolean {
  // Brackets stand round an IPv6 address in a URL.
  const bare = address.replace(/^\[|\]$/g, '')
  if (!ipaddr.isValid(bare)) return false
  return ipaddr.process(bare).range() !== 'unicast'
}

/** A host that is known to be private without looking it up. */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return isPrivateAddress(name) || name === 'localhost' || name.endsWith('.localhost') || !/[.:]/.test(name)
}
