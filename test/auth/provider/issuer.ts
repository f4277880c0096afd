import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface TestProvider {
  issuer: string
  jwksUrl: string
  /** Number of requests for the keys. */
  readonly asked: number
  /** Signs with the current key; undefined claims are left out. */
  token(claims: Record<string, unknown>, life?: { seconds?: number; ago?: number }): Promise<string>
  /** Replaces the key, and publishes only the new one. */
  rotates(): Promise<void>
  goesAway(): Promise<void>
  comesBack(): Promise<void>
}

/** An identity provider: signs tokens and publishes the keys to verify them. */
export async function startProvider(): Promise<TestProvider> {
  const issuer = 'https://identity.example'
  let count = 0
  let asked = 0
  let pair = await generateKeyPair('ES256')
  let published = await exportJWK(pair.publicKey)
  const server = createServer((_request, response) => {
    asked += 1
    const key = { ...published, kid: `key ${count}`, alg: 'ES256', use: 'sig' }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key] }))
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)

  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    get asked() {
      return asked
    },
    token(claims, { seconds = 300, ago = 0 } = {}) {
      const now = Math.floor(Date.now() / 1000) - ago
      return new SignJWT({ iss: issuer, aud: 'chat', iat: now, exp: now + seconds, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: `key ${count}` })
        .sign(pair.privateKey)
    },
    async rotates() {
      pair = await generateKeyPair('ES256')
      published = await exportJWK(pair.publicKey)
      count += 1
    },
    async goesAway() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    async comesBack() {
      await listen(port)
    },
  }
}
