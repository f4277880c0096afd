import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const script = join(import.meta.dirname, '../../../deploy/health-check.mjs')

/** Exit code of the health check of the image. */
function healthCheck(host: string, port: number): Promise<number | null> {
  const child = execFile(process.execPath, [script], { env: { HOST: host, PORT: String(port) } })
  return once(child, 'exit').then(([code]) => code as number | null)
}

async function listen(host: string, status: number): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/live' ? status : 404).end()
  })
  onTestFinished(() => void server.close())
  server.listen(0, host)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test.each([
  ['0.0.0.0', '127.0.0.1'],
  ['127.0.0.2', '127.0.0.2'],
  ['localhost', 'localhost'],
])('the health check of the image honours HOST=%s', async (host, address) => {
  expect(await healthCheck(host, await listen(address, 200))).toBe(0)
})

test('the health check of the image fails for an error and for a closed port', async () => {
  const port = await listen('127.0.0.1', 500)
  expect(await healthCheck('127.0.0.1', port)).toBe(1)
  expect(await healthCheck('127.0.0.2', port)).toBe(1)
})
