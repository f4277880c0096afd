import { z } from 'zod'
import { integer, list, secret, url } from './fields.ts'
import { signingSecret } from './secrets.ts'

/** Webhooks and the message hook. */
export const webhookSettings = {
  WEBHOOK_URL: list
    .refine((items) => items.every((item) => url('https:', 'http:').safeParse(item).success), {
      error: 'URLs that begin with https:// or http://, separated by commas',
    })
    .describe('URLs that receive webhooks, separated by commas. Webhooks are off unless set.'),
  WEBHOOK_SECRET: secret(
    signingSecret
      .optional()
      .describe(
        'Secret that signs requests to WEBHOOK_URL and MESSAGE_HOOK_URL: any text of at least 32 characters, or whsec_ and base64 of at least 24 bytes.',
      ),
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
  return {
    urls: [...new Set(env.WEBHOOK_URL)],
    /** Empty only if nothing is signed. */
    key: env.WEBHOOK_SECRET ?? Buffer.alloc(0),
    allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
    messageHook: env.MESSAGE_HOOK_URL
      ? { url: env.MESSAGE_HOOK_URL, onFailure: env.MESSAGE_HOOK_ON_FAILURE }
      : null,
  }
}
