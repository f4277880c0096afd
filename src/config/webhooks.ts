import { z } from 'zod'
import { count, list, signingKey, url } from './fields.ts'

/** What systems of the operator's own are told and asked. */
export const webhookSettings = {
  WEBHOOK_URL: list
    .refine((items) => items.every((item) => url('https:', 'http:').safeParse(item).success), {
      error: 'URLs that begin with https:// or http://, separated by commas',
    })
    .describe(
      'Where to tell of messages, registrations and groups; several, separated by commas. None unless set.',
    ),
  WEBHOOK_SECRET: z
    .string()
    .min(32, 'at least 32 characters')
    .optional()
    .describe(
      'Secret of at least 32 characters that requests to WEBHOOK_URL and MESSAGE_HOOK_URL are signed with; whsec_ and base64, or any text.',
    ),
  WEBHOOK_ALLOW_PRIVATE: z
    .stringbool()
    .default(false)
    .describe('Whether these URLs may lead into private networks.'),
  MESSAGE_HOOK_URL: url('https:', 'http:')
    .optional()
    .describe(
      'Who is asked before a message or an edit is accepted: allow, change or refuse. Nobody unless set.',
    ),
  MESSAGE_HOOK_ON_FAILURE: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe(
      'What happens when it does not answer: open accepts the message, closed refuses it as UNAVAILABLE until it does.',
    ),
}

export const webhookLimits = {
  webhookTimeoutMs: count(
    10_000,
    [100, 60_000],
    'How long a receiver of webhooks may take to answer, in milliseconds.',
  ),
  webhookDays: count(3, [1, 30], 'How long a webhook is tried before it is given up, in days.'),
  messageHookMs: count(1000, [50, 8000], 'How long MESSAGE_HOOK_URL may take to answer, in milliseconds.'),
}

export function webhookFaults(given: Record<string, string | undefined>): string[] {
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
