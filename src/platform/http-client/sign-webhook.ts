import { createHmac } from 'node:crypto'

/**
 * The headers of a signed request, by Standard Webhooks: the receiver computes the HMAC-SHA256 of `id.timestamp.body` with the
 * common secret, and refuses a timestamp that is old, so that nobody can repeat what they overheard.
 */
export function signWebhook(secret: string | Buffer, id: string, body: string, now = new Date()) {
  const timestamp = Math.floor(now.getTime() / 1_000)
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
}
