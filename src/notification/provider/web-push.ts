import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import webpush from 'web-push'
import type { HttpClient } from '../../platform/http-client/client.ts'
import { retryAfter } from '../../platform/http-client/retry-after.ts'
import {
  isTransient,
  notificationData,
  type PushNotification,
  type PushProvider,
  type SendResult,
  type Withdrawal,
  withdrawalData,
} from './provider.ts'
import { readSubscription } from './token.ts'

export interface VapidKeys {
  publicKey: string
  privateKey: string
  subject: string
}

const ttlSeconds = 24 * 60 * 60

/** Web Push (RFC 8030): encrypted for the browser (RFC 8291), signed with the VAPID key (RFC 8292). */
export function createWebPush(keys: VapidKeys, httpClient: HttpClient, log: Logger): PushProvider {
  async function post(token: string, payload: string, { tag, urgent }: { tag: string; urgent: boolean }) {
    const request = webpush.generateRequestDetails(readSubscription(token), payload, {
      vapidDetails: keys,
      TTL: ttlSeconds,
      urgency: urgent ? 'high' : 'low',
      topic: topicOf(tag),
      contentEncoding: 'aes128gcm',
    })
    const { endpoint, headers, body } = request
    const response = await httpClient
      .post(endpoint, { headers, body: body ?? '' })
      .catch((error: unknown) => {
        // The client chose the address; the reason would show it which names and ports exist in the operator's network.
        log.info({ err: error, host: new URL(endpoint).host }, 'web push service unreachable')
        throw new Error('The push service is unreachable.')
      })
    return resultOf(response.status, retryAfter(response.headers['retry-after']))
  }

  return {
    send: (notification, token) =>
      post(token, payloadOf(notification), { tag: notification.tag, urgent: !notification.silent }),
    async withdraw(withdrawal, token) {
      if (requiresVisiblePush(token))
        return { outcome: 'SUPPRESSED', providerStatus: 'This browser does not support withdrawals.' }
      return post(token, withdrawalOf(withdrawal), { tag: withdrawal.tag, urgent: false })
    },
    close: () => httpClient.close(),
  }
}

/** Safari ends a subscription after a few pushes that show no notification. */
const requiresVisiblePush = (token: string): boolean =>
  new URL(readSubscription(token).endpoint).hostname.endsWith('.push.apple.com')

/** The payload for the client's service worker; docs/push.md contains one. */
function payloadOf(notification: PushNotification): string {
  const { title, body, silent } = notification
  return JSON.stringify({ title, body, silent, data: notificationData(notification) })
}

const withdrawalOf = (withdrawal: Withdrawal): string =>
  JSON.stringify({ withdrawn: true, data: withdrawalData(withdrawal) })

// Push services allow at most 32 characters.
const topicOf = (tag: string) => createHash('sha256').update(tag).digest('base64url').slice(0, 32)

function resultOf(status: number, retryAfterMs: number | null): SendResult {
  const providerStatus = String(status)
  if (status >= 200 && status < 300) return { outcome: 'SENT', providerStatus }
  if (status === 404 || status === 410) return { outcome: 'GONE', providerStatus }
  if (isTransient(status)) return { outcome: 'RETRY', providerStatus, retryAfterMs }
  return { outcome: 'FAILED', providerStatus }
}
