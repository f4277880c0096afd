import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExplorerPasses } from '../gate/explorer-pass.ts'
import { encodingFor } from '../request/compression.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { type Assets, loadAssets } from './assets.ts'

/** GraphiQL at /graphql; everything it loads comes from this server. */
export interface Explorer {
  servePage(request: IncomingMessage, response: ServerResponse): Promise<void>
  serveAsset(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<void>
}

export function createExplorer(passes: ExplorerPasses): Explorer {
  let loading: Promise<Assets> | null = null
  const assets = () => {
    loading ??= loadAssets()
    return loading
  }

  return {
    async servePage(request, response) {
      const { version } = await assets()
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentPolicy(request.headers.host),
        'cache-control': 'no-store',
      })
      response.end(page(version, passes.issue()))
    },
    async serveAsset(request, response, pathname) {
      const [version, name = ''] = pathname.split('/').slice(-2)
      const files = await assets()
      const encoding = encodingFor(request.headers['accept-encoding'])
      const file = version === files.version ? await files.read(name, encoding) : null
      if (!file) throw new HttpRefusal(404, 'NOT_FOUND', 'There is no such file.')
      response.setHeader('vary', 'Accept-Encoding')
      if (encoding !== 'identity') response.setHeader('content-encoding', encoding)
      response.writeHead(200, {
        'content-type': file.type,
        'content-length': file.bytes.length,
        'cache-control': 'public, max-age=31536000, immutable',
      })
      response.end(file.bytes)
    },
  }
}

/** Allows nothing from other hosts. The editor adds style elements; some browsers do not apply 'self' to WebSockets. */
function contentPolicy(host = ''): string {
  const socket = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : ''
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${socket}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const icon =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"%3E%3Cpath fill="%23177" d="M2 2h12v9H7l-3 3v-3H2z"/%3E%3C/svg%3E'

// URLs are relative to /graphql, so that the page works under a path prefix of a proxy.
const page = (version: string, pass: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="explorer-pass" content="${pass}">
    <title>Parlance · GraphiQL</title>
    <link rel="icon" href='${icon}'>
    <link rel="stylesheet" href="graphql/assets/${version}/graphiql.css">
  </head>
  <body class="no-focus-outline">
    <noscript>The explorer needs JavaScript.</noscript>
    <div id="root"></div>
    <link rel="modulepreload" href="graphql/assets/${version}/graphiql.js">
    <script type="module" src="graphql/assets/${version}/start.js"></script>
  </body>
</html>
`
