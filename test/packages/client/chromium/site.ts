import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { onTestFinished } from 'vitest'

/** A site whose pages have a client of a server as `parlance`. */
export async function siteOf(serverUrl: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { createParlance } from './index.ts'
        const cache = { conversations: 20, messagesEach: 20 }
        window.parlance = createParlance({ url: ${JSON.stringify(serverUrl)}, cache })
        const view = (id) => window.parlance.conversation(id)
        window.texts = () => window.parlance.conversations.get().map(({ lastMessage }) => lastMessage?.plainText).join()
        window.says = async (id, text) => (await view(id).send(text)).plainText
        window.attaches = (id) => {
          view(id).send({ file: new Blob(['the bytes of a file'], { type: 'text/plain' }), name: 'tea.txt' })
        }
        // The clock of the device is a day ahead.
        const ahead = 24 * 60 * 60 * 1_000
        const { Date: Right } = window
        window.Date = class extends Right {
          constructor(...given) {
            super(...(given.length > 0 ? given : [Right.now() + ahead]))
          }
          static now = () => Right.now() + ahead
        }
      `,
      resolveDir: join(import.meta.dirname, '../../../../packages/client/src'),
      loader: 'ts',
    },
    ...{ bundle: true, write: false, format: 'iife', target: 'es2022', platform: 'browser' },
  }).finally(() => void stop())
  const script = outputFiles[0]?.text ?? ''
  const server = createServer((request, response) => {
    const isScript = request.url === '/app.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : '<!doctype html><title>test</title><script src="/app.js"></script>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
