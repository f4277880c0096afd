import { createHmac } from 'node:crypto'

/**
 * Headers of a request signed by Standard Webhooks: HMAC-SHA256 of `id.timestamp.body` with the shared secret. The
 * receiver rejects an old timestamp, which prevents replay.
 */
export function signWebhook(secret: string | Buffer, id: string, body: string, now = new Date()) {
  const timestamp = Math.floor(now.getTime() / 1_000)
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
}
