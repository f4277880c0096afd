import { createHash } from 'node:crypto'
import webpush from 'web-push'
import type { Outgoing } from '../../platform/outgoing/outgoing.ts'
import { readSubscription } from '../device-token.ts'
import {
  type Answer,
  type Notice,
  noticeData,
  type PushProvider,
  passes,
  retryAfter,
} from './push-provider.ts'

export interface VapidKeys {
  publicKey: string
  privateKey: string
  subject: string
}

const ttlSeconds = 24 * 60 * 60

/** Browsers, by RFC 8030: encrypted for the one browser (RFC 8291) and signed with our key (RFC 8292). */
export function createWebPush(keys: VapidKeys, outgoing: Outgoing): PushProvider {
  return {
    async send(notice, token) {
      const request = webpush.generateRequestDetails(readSubscription(token), payloadOf(notice), {
        vapidDetails: keys,
        TTL: ttlSeconds,
        urgency: notice.silent ? 'low' : 'high',
        topic: topicOf(notice.tag),
        contentEncoding: 'aes128gcm',
      })
      const { endpoint, headers, body } = request
      const answer = await outgoing.post(endpoint, {
        headers,
        body: body ?? '',
      })
      return answerOf(answer.status, retryAfter(answer.headers['retry-after']))
    },
    close: () => outgoing.close(),
  }
}

/** What the service worker of the client is given; docs/push.md shows one. */
function payloadOf(notice: Notice): string {
  const { title, body, silent } = notice
  return JSON.stringify({ title, body, silent, data: noticeData(notice) })
}

// A push service takes at most 32 characters.
const topicOf = (tag: string) => createHash('sha256').update(tag).digest('base64url').slice(0, 32)

function answerOf(status: number, afterMs: number | null): Answer {
  const providerStatus = String(status)
  if (status >= 200 && status < 300) return { outcome: 'SENT', providerStatus }
  if (status === 404 || status === 410) return { outcome: 'GONE', providerStatus }
  if (passes(status)) return { outcome: 'RETRY', providerStatus, afterMs }
  return { outcome: 'FAILED', providerStatus }
}
