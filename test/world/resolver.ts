import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, beforeAll } from 'vitest'

type Found = (error: Error | null, addresses: dns.LookupAddress[]) => void

/**
 * Answers look-ups of all addresses of a name in this file; null leaves a name to Node's resolver. All files of a
 * process share the resolver, so it is restored.
 */
export function useResolver(answer: (host: string) => dns.LookupAddress[] | Error | null): void {
  const original = dns.lookup
  const lookup = (host: string, ...rest: unknown[]) => {
    const answered = answer(host)
    if (answered === null) return Reflect.apply(original, dns, [host, ...rest])
    const found = rest.at(-1) as Found
    if (answered instanceof Error) found(answered, [])
    else found(null, answered)
  }
  const resolveWith = (resolver: unknown) => {
    Object.assign(dns, { lookup: resolver })
    syncBuiltinESMExports()
  }
  beforeAll(() => resolveWith(lookup))
  afterAll(() => resolveWith(original))
}
