import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import webpush from 'web-push'
import type { HttpClient } from '../../platform/http-client/client.ts'
import { retryAfter } from '../../platform/http-client/retry-after.ts'
import { readSubscription } from '../device/token.ts'
import {
  isTransient,
  notificationData,
  type PushNotification,
  type PushProvider,
  type SendResult,
  type Withdrawal,
  withdrawalData,
} from './provider.ts'

export interface VapidKeys {
  publicKey: string
  privateKey: string
  subject: string
}

const ttlSeconds = 24 * 60 * 60

/** Browsers, by RFC 8030: encrypted for the one browser (RFC 8291) and signed with our key (RFC 8292). */
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
    const answer = await httpClient.post(endpoint, { headers, body: body ?? '' }).catch((error: unknown) => {
      // The client chose the address. The reason would tell it which names and ports exist in the operator's network.
      log.info({ err: error, host: new URL(endpoint).host }, 'web push service unreachable')
      throw new Error('The push service cannot be reached.')
    })
    return resultOf(answer.status, retryAfter(answer.headers['retry-after']))
  }

  return {
    send: (notification, token) =>
      post(token, payloadOf(notification), { tag: notification.tag, urgent: !notification.silent }),
    async withdraw(withdrawal, token) {
      if (endsOnSilence(token))
        return { outcome: 'SUPPRESSED', providerStatus: 'This browser must show something for each push.' }
      return post(token, withdrawalOf(withdrawal), { tag: withdrawal.tag, urgent: false })
    },
    close: () => httpClient.close(),
  }
}

/** Safari ends a subscription after a few pushes that show nothing. */
const endsOnSilence = (token: string): boolean =>
  new URL(readSubscription(token).endpoint).hostname.endsWith('.push.apple.com')

/** What the service worker of the client is given; docs/push.md shows one. */
function payloadOf(notification: PushNotification): string {
  const { title, body, silent } = notification
  return JSON.stringify({ title, body, silent, data: notificationData(notification) })
}

const withdrawalOf = (withdrawal: Withdrawal): string =>
  JSON.stringify({ withdrawn: true, data: withdrawalData(withdrawal) })

// A push service takes at most 32 characters.
const topicOf = (tag: string) => createHash('sha256').update(tag).digest('base64url').slice(0, 32)

function resultOf(status: number, afterMs: number | null): SendResult {
  const providerStatus = String(status)
  if (status >= 200 && status < 300) return { outcome: 'SENT', providerStatus }
  if (status === 404 || status === 410) return { outcome: 'GONE', providerStatus }
  if (isTransient(status)) return { outcome: 'RETRY', providerStatus, afterMs }
  return { outcome: 'FAILED', providerStatus }
}
