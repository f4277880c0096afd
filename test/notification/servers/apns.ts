import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { join } from 'node:path'
import { jwtVerify } from 'jose'
import { expect, vi } from 'vitest'
import { bodyOf } from '../../setup/http/body.ts'

export interface ApnsNotification {
  token: string
  headers: IncomingHttpHeaders
  payload: { aps: { alert: { title: string; body: string }; badge: number; sound?: string } } & Record<
    string,
    unknown
  >
}

export type ApnsReply = { status: number; reason?: string; retryAfter?: string } | 'HANG' | 'HANG_UP'

/** A stand-in for APNs: HTTP/2, and tokens signed with the team's key. */
export interface ApnsServer {
  env: Record<string, string>
  received: ApnsNotification[]
  replies: ApnsReply[]
  /** Number of opened connections, and of different provider tokens. */
  connections(): number
  bearers(): number
  gets(token: string, count?: number): Promise<ApnsNotification[]>
  close(): Promise<void>
}

export async function createApnsServer(folder: string): Promise<ApnsServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keyFile = join(folder, 'AuthKey.p8')
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))

  const received: ApnsNotification[] = []
  const replies: ApnsReply[] = []
  const bearers = new Set<string>()
  const sessions = new Set<{ destroy(): void }>()
  let connections = 0
  const server = createServer()
  server.on('session', (session) => {
    connections += 1
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => {})
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    void serve(stream, headers)
  })

  async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await bodyOf(stream)
    if (!body) return
    const token = String(headers[':path']).replace('/3/device/', '')
    const bearer = String(headers.authorization).replace('bearer ', '')
    bearers.add(bearer)
    received.push({ token, headers, payload: JSON.parse(body.toString()) })
    const signed = await jwtVerify(bearer, publicKey, { issuer: 'TEAM123456' }).catch(() => null)
    const reply = signed?.protectedHeader.kid === 'KEY1234567' ? replies.shift() : invalidToken
    answer(stream, reply ?? { status: 200 })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const of = (token: string) => received.filter((one) => one.token === token)
  return {
    env: {
      APNS_KEY_FILE: keyFile,
      APNS_KEY_ID: 'KEY1234567',
      APNS_TEAM_ID: 'TEAM123456',
      APNS_TOPIC: 'com.example.chat',
      APNS_URL: `http://127.0.0.1:${port}`,
    },
    received,
    replies,
    connections: () => connections,
    bearers: () => bearers.size,
    async gets(token, count = 1) {
      await vi.waitFor(() => expect(of(token).length).toBeGreaterThanOrEqual(count), 10_000)
      return of(token)
    },
    async close() {
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const invalidToken: ApnsReply = { status: 403, reason: 'InvalidProviderToken' }

function answer(stream: ServerHttp2Stream, reply: ApnsReply): void {
  if (reply === 'HANG' || stream.destroyed) return
  if (reply === 'HANG_UP') {
    stream.session?.destroy()
    return
  }
  const { status, reason, retryAfter } = reply
  stream.respond({ ':status': status, ...(retryAfter ? { 'retry-after': retryAfter } : {}) })
  stream.end(reason ? JSON.stringify({ reason }) : '')
}
