import type { Logger } from 'pino'
import { z } from 'zod'
import type { Core } from '../../context.ts'
import { refuse } from '../../errors.ts'
import type { MessageKind } from '../../platform/db/generated/enums.ts'
import { createHttpClient, type HttpClient } from '../../platform/http-client/client.ts'
import { signWebhook } from '../../platform/http-client/sign-webhook.ts'
import { newId } from '../../platform/ids.ts'
import { shorten } from '../../platform/language/shorten.ts'
import type { Metrics } from '../../platform/metrics.ts'

/** A message or an edit that is not stored yet. */
export interface HookRequest {
  action: 'send' | 'edit'
  conversationId: string
  senderId: string
  /** The sender's idempotency key; null for an edit. */
  clientMessageId: string | null
  /** The message to edit; null for a send. */
  messageId: string | null
  kind: MessageKind
  content: object
  quoteSeq: number | null
}

const responseSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({ action: z.literal('change'), text: z.string() }),
  // A refusal counts even if its reason is malformed.
  z.object({ action: z.literal('refuse'), reason: z.string().nullish().catch(null) }),
])

export type HookResponse = z.output<typeof responseSchema> | { action: 'fail' }

/** The operator's service that allows, changes or refuses every message before it is stored. */
export interface MessageHook {
  /** Never throws; without a response in time, MESSAGE_HOOK_ON_FAILURE decides. */
  call(request: HookRequest): Promise<HookResponse>
  close(): void
}

/** After this many failures in a row the hook is not called for `pauseMs`, so that sends do not wait for it. */
const failuresMax = 5
const pauseMs = 5_000

const reasonMax = 500
/** Bytes of one code point in JSON: two surrogates, each escaped. */
const escapedBytes = 12

/** Null if no hook is configured. */
export function openMessageHook({
  config: { webhooks, limits },
  log,
  metrics,
  tracing,
}: Pick<Core, 'config' | 'log' | 'metrics' | 'tracing'>): MessageHook | null {
  const { messageHook: hook, key, allowPrivate } = webhooks
  if (!hook) return null
  const answerMax = 16_384 + limits.textLength * escapedBytes
  const httpClient = createHttpClient({ timeoutMs: limits.messageHookMs, allowPrivate, answerMax, tracing })
  return createMessageHook({ hook, key, httpClient, log, metrics })
}

function createMessageHook(parts: {
  hook: { url: string; onFailure: 'open' | 'closed' }
  key: Buffer
  httpClient: HttpClient
  log: Logger
  metrics: Metrics
}): MessageHook {
  const { hook, key, httpClient, log, metrics } = parts
  const asked = metrics.counter('message_hook_total', 'Answers of MESSAGE_HOOK_URL.', ['action'])
  let failures = 0
  let pausedUntil = 0

  function failed(reason: unknown): HookResponse {
    asked.inc({ action: 'fail' })
    failures += 1
    if (failures >= failuresMax) pausedUntil = performance.now() + pauseMs
    log.warn({ err: reason, failures, onFailure: hook.onFailure }, 'message hook failed')
    return onFailure()
  }

  const onFailure = (): HookResponse => ({ action: hook.onFailure === 'open' ? 'allow' : 'fail' })

  return {
    async call(request) {
      // After the pause one message is sent to the hook; the others follow once it has responded.
      if (failures >= failuresMax) {
        if (performance.now() < pausedUntil) return onFailure()
        pausedUntil = performance.now() + pauseMs
      }
      const body = JSON.stringify({ type: 'message.proposed', timestamp: new Date(), data: request })
      try {
        const { status, text } = await httpClient.post(hook.url, {
          headers: { 'content-type': 'application/json', ...signWebhook(key, newId(), body) },
          body,
        })
        if (status !== 200) throw new Error(`The message hook responded with status ${status}.`)
        const response = responseSchema.parse(JSON.parse(text))
        failures = 0
        asked.inc({ action: response.action })
        return response
      } catch (error) {
        return failed(error)
      }
    },
    close: () => httpClient.close(),
  }
}

/** Why the message is not accepted, or null. */
export function hookRefusal(response: HookResponse) {
  if (response.action === 'fail')
    return refuse('UNAVAILABLE', 'Messages cannot be checked now; nothing was sent.', {
      retryAfterMs: pauseMs,
    })
  if (response.action === 'refuse') return notAccepted(response.reason)
  return null
}

export const notAccepted = (reason?: string | null) =>
  refuse('FORBIDDEN', shorten(reason ?? '', reasonMax) || 'The message was refused.')
