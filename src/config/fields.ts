import { z } from 'zod'

/** An integer within bounds. */
export const integer = (fallback: number, [min, max]: [number, number], meaning: string) =>
  z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}`)
    .default(fallback)
    .describe(meaning)

/** Also publishes a limit in `serverInfo.limits`, with the same description. */
export const forClients = (limit: ReturnType<typeof integer>) =>
  limit.meta({ ...limit.meta(), forClients: true })

/** Marks a setting that is a secret, or contains one: it may be given as the path of a file, NAME_FILE. */
export const secret = <Setting extends z.ZodType>(setting: Setting): Setting =>
  setting.meta({ ...setting.meta(), secret: true })

/** A URL with one of the protocols. */
export const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

/** Items separated by commas. */
export const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((item) => item.trim()))
  .transform((items) => items.filter((item) => item !== ''))

/** Ports separated by commas. */
export const ports = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(',').map((item) => Number(item.trim())))
    .refine((items) => items.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535), {
      error: 'ports from 1 to 65535, separated by commas',
    })
