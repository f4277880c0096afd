import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { AuthSecrets } from '../../auth/secret.ts'

/** Header, and parameter of a connection, with which GraphiQL shows that it was served by this installation. */
export const explorerPassHeader = 'x-explorer-pass'

/**
 * Proves that a request comes from a GraphiQL page of this installation, for which documents need not be trusted. Any
 * client that may load the page can have a pass: whether that is wanted is the setting GRAPHIQL.
 */
export interface ExplorerPasses {
  issue(): string
  accepts(pass: unknown): boolean
}

const lifeSeconds = 12 * 3_600

/** Passes signed with the first secret; those signed with the others are valid, too. */
export function createExplorerPasses(secrets: AuthSecrets): ExplorerPasses {
  const signers = secrets.map((secret) => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'parlance explorer pass', 32))
    return (expires: string) => createHmac('sha256', key).update(expires).digest('base64url')
  })
  const nowSeconds = () => Math.floor(Date.now() / 1_000)

  return {
    issue() {
      const expires = String(nowSeconds() + lifeSeconds)
      return `${expires}.${signers[0]?.(expires)}`
    },
    accepts(pass) {
      if (typeof pass !== 'string') return false
      const [expires = '', signature = ''] = pass.split('.')
      return Number(expires) > nowSeconds() && signers.some((sign) => equal(signature, sign(expires)))
    },
  }
}

function equal(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
