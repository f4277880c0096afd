import type { HttpClient, HttpResponse } from '../../platform/http-client/client.ts'
import { retryAfter } from '../../platform/http-client/retry-after.ts'
import { signWebhook } from '../../platform/http-client/sign-webhook.ts'
import { isTransient, type PushProvider, type SendResult } from './provider.ts'

/** The operator's gateway: other push services, and text messages. */
export interface Gateway extends PushProvider {
  text(id: string, phone: string, body: string): Promise<SendResult>
}

/** Sends signed JSON requests, described in docs/push.md. */
export function createGateway({ url, key }: { url: string; key: Buffer }, httpClient: HttpClient): Gateway {
  async function post(id: string, content: object): Promise<SendResult> {
    const body = JSON.stringify(content)
    return resultOf(
      await httpClient.post(url, {
        headers: { 'content-type': 'application/json', ...signWebhook(key, id, body) },
        body,
      }),
    )
  }

  return {
    send: ({ id, ...notification }, token) => post(id, { type: 'push', token, notification }),
    withdraw: ({ id, ...withdrawal }, token) => post(id, { type: 'withdraw', token, ...withdrawal }),
    text: (id, phone, body) => post(id, { type: 'sms', phone, body }),
    close: () => httpClient.close(),
  }
}

function resultOf({ status, headers }: HttpResponse): SendResult {
  const providerStatus = String(status)
  if (status >= 200 && status < 300) return { outcome: 'SENT', providerStatus }
  if (status === 404 || status === 410) return { outcome: 'GONE', providerStatus }
  if (isTransient(status))
    return { outcome: 'RETRY', providerStatus, retryAfterMs: retryAfter(headers['retry-after']) }
  return { outcome: 'FAILED', providerStatus }
}
