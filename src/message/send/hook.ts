import type { Logger } from 'pino'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { refuse } from '../../errors.ts'
import type { MessageKind } from '../../platform/db/generated/enums.ts'
import { createHttpClient, type HttpClient } from '../../platform/http-client/client.ts'
import { signWebhook } from '../../platform/http-client/sign-webhook.ts'
import { newId } from '../../platform/ids.ts'
import { shorten } from '../../platform/language/shorten.ts'
import type { Metrics } from '../../platform/metrics.ts'

/** What somebody wants to say, before it is said. */
export interface HookRequest {
  action: 'send' | 'edit'
  conversationId: string
  senderId: string
  /** The sender's own key; null for an edit. */
  clientMessageId: string | null
  /** Of the message that is to be edited; null for a send. */
  messageId: string | null
  kind: MessageKind
  content: object
  quoteSeq: number | null
}

const responseSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({ action: z.literal('change'), text: z.string() }),
  // Whoever says no is understood, whatever is said with it.
  z.object({ action: z.literal('refuse'), reason: z.string().nullish().catch(null) }),
])

export type HookResponse = z.output<typeof responseSchema> | { action: 'fail' }

/** Asks the operator's own system about every message before it is accepted. */
export interface MessageHook {
  /** Never throws; without an answer in time the verdict is what the operator chose for that. */
  ask(proposal: HookRequest): Promise<HookResponse>
  close(): void
}

/** After so many failures in a row it is not asked for a while, so that nobody waits for what is down. */
const failuresMax = 5
const restMs = 5_000

const reasonMax = 500
/** Of one code point in JSON: a pair of surrogates, each escaped. */
const escapedBytes = 12

/** null where nobody is to be asked. */
export function openMessageHook(
  { webhooks, limits }: Config,
  log: Logger,
  metrics: Metrics,
): MessageHook | null {
  const { messageHook: hook, key, allowPrivate } = webhooks
  if (!hook) return null
  const answerMax = 16_384 + limits.textLength * escapedBytes
  const httpClient = createHttpClient({ timeoutMs: limits.messageHookMs, allowPrivate, answerMax })
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
  let restsUntil = 0

  function failed(reason: unknown): HookResponse {
    asked.inc({ action: 'fail' })
    failures += 1
    if (failures >= failuresMax) restsUntil = performance.now() + restMs
    log.warn({ err: reason, failures, onFailure: hook.onFailure }, 'the message hook did not answer')
    return onFailure()
  }

  const onFailure = (): HookResponse => ({ action: hook.onFailure === 'open' ? 'allow' : 'fail' })

  return {
    async ask(proposal) {
      // Once the rest is over one is asked again, and the others when that one was answered.
      if (failures >= failuresMax) {
        if (performance.now() < restsUntil) return onFailure()
        restsUntil = performance.now() + restMs
      }
      const body = JSON.stringify({ type: 'message.proposed', timestamp: new Date(), data: proposal })
      try {
        const { status, text } = await httpClient.post(hook.url, {
          headers: { 'content-type': 'application/json', ...signWebhook(key, newId(), body) },
          body,
        })
        if (status !== 200) throw new Error(`It answered with ${status}.`)
        const verdict = responseSchema.parse(JSON.parse(text))
        failures = 0
        asked.inc({ action: verdict.action })
        return verdict
      } catch (error) {
        return failed(error)
      }
    },
    close: () => httpClient.close(),
  }
}

/** Why a message is not accepted, or null. */
export function hookRefusal(verdict: HookResponse) {
  if (verdict.action === 'fail')
    return refuse('UNAVAILABLE', 'Messages cannot be checked now; nothing was sent.', {
      retryable: true,
      retryAfterMs: restMs,
    })
  if (verdict.action === 'refuse') return notAccepted(verdict.reason)
  return null
}

export const notAccepted = (reason?: string | null) =>
  refuse('FORBIDDEN', shorten(reason ?? '', reasonMax) || 'This message is not accepted here.')
