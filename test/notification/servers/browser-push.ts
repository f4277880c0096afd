import { createDecipheriv, createPublicKey, type ECDH, hkdfSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import webpush from 'web-push'
import { createReceiver, type Received, type Receiver } from './receiver.ts'

/** A stand-in for the push service of a browser. */
export interface BrowserPushServer extends Receiver {
  env: Record<string, string>
  publicKey: string
}

export async function createBrowserPushServer(): Promise<BrowserPushServer> {
  const { publicKey, privateKey } = webpush.generateVAPIDKeys()
  const receiver = await createReceiver(() => ({ status: 201 }))
  return Object.assign(receiver, {
    publicKey,
    env: {
      VAPID_PUBLIC_KEY: publicKey,
      VAPID_PRIVATE_KEY: privateKey,
      VAPID_SUBJECT: 'mailto:admin@example.com',
      PUSH_ALLOW_PRIVATE: 'true',
    },
  })
}

/** The claims of the RFC 8292 header, if the key signed it; else null. */
export async function vapidClaims({ headers }: Received, publicKey: string) {
  const [, token = '', key] = String(headers.authorization).match(/^vapid t=([^,]+), k=(.+)$/) ?? []
  if (key !== publicKey) return null
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  return (await jwtVerify(token, createPublicKey({ key: jwk, format: 'jwk' }))).payload
}

/** Decrypts a message as a browser does (RFC 8291, RFC 8188). */
export function decrypt(body: Buffer, { keys, auth }: { keys: ECDH; auth: Buffer }): unknown {
  const salt = body.subarray(0, 16)
  const keyLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + keyLength)
  const sealed = body.subarray(21 + keyLength)

  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const ikm = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12))

  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  // The last record ends with a 2 and zero padding.
  const end = padded.lastIndexOf(2)
  return JSON.parse(padded.subarray(0, end).toString())
}
