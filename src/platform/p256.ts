import { createECDH, ECDH } from 'node:crypto'

const curve = 'prime256v1'

/** Whether the base64url is a point of the curve P-256, which a public key has to be. */
export function isPublicKey(key: string): boolean {
  try {
    ECDH.convertKey(Buffer.from(key, 'base64url'), curve)
    return true
  } catch {
    return false
  }
}

const privateBytes = 32

/** The public key of a P-256 private key, both in base64url; null if the private key is invalid. */
export function publicKeyOf(privateKey: string): string | null {
  const bytes = Buffer.from(privateKey, 'base64url')
  if (bytes.length !== privateBytes) return null
  try {
    const pair = createECDH(curve)
    pair.setPrivateKey(bytes)
    return pair.getPublicKey('base64url')
  } catch {
    return null
  }
}
