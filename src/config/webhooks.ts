import { z } from 'zod'
import { integer, list, signingKey, url } from './fields.ts'

/** Webhooks and the message hook. */
export const webhookSettings = {
  WEBHOOK_URL: list
    .refine((items) => items.every((item) => url('https:', 'http:').safeParse(item).success), {
      error: 'URLs that begin with https:// or http://, separated by commas',
    })
    .describe('URLs that receive webhooks, separated by commas. Webhooks are off unless set.'),
  WEBHOOK_SECRET: z
    .string()
    .min(32, 'at least 32 characters')
    .optional()
    .describe(
      'Secret of at least 32 characters that signs requests to WEBHOOK_URL and MESSAGE_HOOK_URL; whsec_ and base64, or any text.',
    ),
  WEBHOOK_ALLOW_PRIVATE: z
    .stringbool()
    .default(false)
    .describe('Whether these URLs may be in private networks.'),
  MESSAGE_HOOK_URL: url('https:', 'http:')
    .optional()
    .describe(
      'URL that allows, changes or refuses each message and edit before it is stored. Off unless set.',
    ),
  MESSAGE_HOOK_ON_FAILURE: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe(
      'What happens when the hook does not answer: open accepts the message, closed refuses it with UNAVAILABLE.',
    ),
}

export const webhookLimits = {
  webhookTimeoutMs: integer(10_000, [100, 60_000], 'Timeout of a webhook request, in milliseconds.'),
  webhookDays: integer(3, [1, 30], 'Time for which a webhook is retried before it is given up, in days.'),
  messageHookMs: integer(1000, [50, 8000], 'Timeout of a request to MESSAGE_HOOK_URL, in milliseconds.'),
}

export function webhookErrors(given: Record<string, string | undefined>): string[] {
  const needs = ['WEBHOOK_URL', 'MESSAGE_HOOK_URL'].filter((name) => given[name])
  return needs.length > 0 && !given.WEBHOOK_SECRET
    ? [`WEBHOOK_SECRET: required with ${needs.join(', ')}`]
    : []
}

type WebhookEnv = z.output<z.ZodObject<typeof webhookSettings>>

export function webhookConfig(env: WebhookEnv) {
  const key = env.WEBHOOK_SECRET ? signingKey(env.WEBHOOK_SECRET) : Buffer.alloc(0)
  return {
    urls: [...new Set(env.WEBHOOK_URL)],
    key,
    allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
    messageHook: env.MESSAGE_HOOK_URL
      ? { url: env.MESSAGE_HOOK_URL, onFailure: env.MESSAGE_HOOK_ON_FAILURE }
      : null,
  }
}
