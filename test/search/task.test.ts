import { createServer } from 'node:http'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createMeiliIndex } from '../../src/search/meilisearch/search-index.ts'
import { openTimers } from '../setup/run/open-timers.ts'

test('a Meilisearch that fails while a task runs leaves no timer behind', async () => {
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/tasks/')) return void request.socket.destroy()
    const [status, body] =
      request.method === 'POST'
        ? [202, { taskUid: 1, status: 'enqueued' }]
        : [404, { message: 'missing', code: 'index_not_found', type: 'invalid_request', link: '' }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const options = { url: `http://127.0.0.1:${port}`, key: undefined, uid: 'messages', databaseId: 'one' }
  const index = createMeiliIndex({ ...options, log: pino({ level: 'silent' }) })

  const start = performance.now()
  await expect(index.prepare()).rejects.toThrow()
  await expect.poll(() => openTimers(start)).toEqual([])
})
