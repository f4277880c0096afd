import type { HttpClient } from '../platform/http-client/client.ts'
import { retryAfter } from '../platform/http-client/retry-after.ts'
import { signWebhook } from '../platform/http-client/sign-webhook.ts'
import type { WebhookEvent } from './events.ts'

/** An unsuccessful response; `afterMs` is its Retry-After, or 0. */
export class DeliveryFailure extends Error {
  override name = 'DeliveryFailure'
  readonly afterMs: number

  constructor(message: string, afterMs: number) {
    super(message)
    this.afterMs = afterMs
  }
}

const afterMaxMs = 3_600_000

/** Sends a webhook to one receiver; throws unless the response is a success. */
export async function deliver(
  httpClient: HttpClient,
  key: Buffer,
  url: string,
  { id, type, at, data }: WebhookEvent,
): Promise<void> {
  const body = JSON.stringify({ type, timestamp: at, data })
  const { status, headers } = await httpClient.post(url, {
    headers: { 'content-type': 'application/json', ...signWebhook(key, id, body) },
    body,
  })
  if (status >= 200 && status < 300) return
  const afterMs = Math.min(retryAfter(headers['retry-after']) ?? 0, afterMaxMs)
  throw new DeliveryFailure(`The receiver answered with status ${status}.`, afterMs)
}
