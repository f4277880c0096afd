import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import '../probe.ts'
import { floorPages } from './pages.ts'

// The floor of reads: a server that answers a page with the rows of one SQL statement, or with a text from memory.

const pool = new pg.Pool({ ...JSON.parse(process.env.FLOOR_CONNECTION ?? '{}'), max: 10 })
pool.on('error', () => {})

const remembered = new Map<string, string>()

async function readPage(path: string): Promise<string> {
  const [, name = '', key = ''] = path.split('/')
  const page = floorPages[name as keyof typeof floorPages]
  const { rows } = await pool.query({ name, text: page, values: [decodeURIComponent(key)] })
  return JSON.stringify({ data: rows })
}

async function answerTo(url: string): Promise<string> {
  const [path = '', where] = url.split('?')
  if (where !== 'memory') return readPage(path)
  const known = remembered.get(path) ?? (await readPage(path))
  remembered.set(path, known)
  return known
}

async function respond(url: string, response: ServerResponse): Promise<void> {
  const text = await answerTo(url)
  response.setHeader('content-type', 'application/json')
  response.end(text)
}

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => void respond(request.url ?? '', response))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`HTTP http://127.0.0.1:${port}/\n`)
})
process.on('SIGTERM', () => process.exit())
