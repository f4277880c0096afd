import { z } from 'zod'

/** A whole number within bounds. */
export const count = (fallback: number, [min, max]: [number, number], meaning: string) =>
  z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`)
    .default(fallback)
    .describe(meaning)

/** A URL of one of these protocols. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/** Items between commas. */
export const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''))

/** Ports between commas. */
export const ports = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(',').map((item) => Number(item.trim())))
    .refine((items) => items.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535), {
      error: 'ports from 1 to 65535, separated by commas',
    })

/** What requests are signed with. Standard Webhooks writes keys as base64 behind a prefix. */
export const signingKey = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret)
