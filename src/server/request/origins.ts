import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'

export interface Origins {
  /** Whether the web page that sent the request is allowed; always true for clients that are not web pages. */
  allows(request: IncomingMessage): boolean
  /** The headers that allow a page of another origin to read the response. */
  headersFor(request: IncomingMessage): Record<string, string>
}

const loggedMax = 100

/**
 * Pages of this server and of the allowed origins; on the embedded database, which is for development, also pages of this
 * machine. All others are refused, with credentials or without.
 */
export function createOrigins(
  { allowedOrigins, publicUrl, databaseUrl }: Pick<Config, 'allowedOrigins' | 'publicUrl' | 'databaseUrl'>,
  log: Logger,
): Origins {
  const everyone = allowedOrigins.includes('*')
  const allowed = new Set(allowedOrigins)
  if (publicUrl) allowed.add(new URL(publicUrl).origin)
  const logged = new Set<string>()

  const isLocal = (url: URL) => !databaseUrl && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)

  function permits(origin: string, host: string | undefined): boolean {
    if (everyone || allowed.has(origin)) return true
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    return url.host === host || isLocal(url)
  }

  function logRefusal(origin: string): void {
    if (logged.has(origin) || logged.size >= loggedMax) return
    logged.add(origin)
    log.warn({ origin: origin.slice(0, 200), setting: 'ALLOWED_ORIGINS' }, 'origin refused')
  }

  return {
    allows({ headers }) {
      const { origin, host } = headers
      if (origin !== undefined) {
        const isAllowed = permits(origin, host)
        if (!isAllowed) logRefusal(origin)
        return isAllowed
      }
      // Browsers send no Origin for images and links to another site, but Sec-Fetch-Site.
      const site = headers['sec-fetch-site']
      return everyone || site === undefined || site === 'same-origin' || site === 'none'
    },
    headersFor({ headers }): Record<string, string> {
      const { origin, host } = headers
      if (origin === undefined || !permits(origin, host)) return { vary: 'Origin' }
      return {
        vary: 'Origin',
        'access-control-allow-origin': everyone ? '*' : origin,
        'access-control-expose-headers': 'x-request-id, retry-after, content-range, etag',
      }
    },
  }
}

/** URL of this server for clients: PUBLIC_URL, or else the host of their request. */
export function originOf({ publicUrl }: Pick<Config, 'publicUrl'>, host: string | undefined): string {
  const asked = `http://${host ?? 'localhost'}`
  return publicUrl ?? (URL.canParse(asked) ? new URL(asked).origin : 'http://localhost')
}

export const bytesPreflightHeaders = {
  'access-control-allow-methods': 'GET, HEAD, PUT, POST',
  'access-control-allow-headers': 'content-type, range, if-range, if-none-match, x-request-id',
  'access-control-max-age': '600',
}

export const preflightHeaders = {
  'access-control-allow-methods': 'POST, GET, PUT, DELETE',
  'access-control-allow-headers':
    'authorization, content-type, accept, x-request-id, x-schema-version, x-graphql-event-stream-token',
  'access-control-max-age': '600',
}
