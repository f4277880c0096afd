import { z } from 'zod'
import { isPublicKey, publicKeyOf } from '../platform/p256.ts'

const encodedPrefix = 'whsec_'
const lengthMin = 32
/** The minimum of Standard Webhooks. */
const bytesMin = 24

/** A secret that signs requests, parsed to its key: any text, or whsec_ and base64 as in Standard Webhooks. */
export const signingSecret = z.string().transform((secret, issues): Buffer => {
  if (!secret.startsWith(encodedPrefix)) {
    if (secret.length >= lengthMin) return Buffer.from(secret)
    issues.addIssue(`at least ${lengthMin} characters`)
    return z.NEVER
  }
  const key = decodeBase64(secret.slice(encodedPrefix.length))
  if (key && key.length >= bytesMin) return key
  issues.addIssue(`${encodedPrefix} must be followed by base64 of at least ${bytesMin} bytes`)
  return z.NEVER
})

/** null unless the text is base64 as a strict decoder reads it: `Buffer.from` ignores invalid characters. */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  const withoutPadding = (base64: string) => base64.replace(/={1,2}$/, '')
  return withoutPadding(bytes.toString('base64')) === withoutPadding(text) ? bytes : null
}

export const vapidPublicKey = z
  .string()
  .refine((key) => /^[A-Za-z0-9_-]{87}=?$/.test(key) && isPublicKey(key), {
    error: 'a public key of P-256 in base64url',
  })

export const vapidPrivateKey = z
  .string()
  .refine((key) => /^[A-Za-z0-9_-]{43}=?$/.test(key) && publicKeyOf(key) !== null, {
    error: 'a private key of P-256 in base64url',
  })
