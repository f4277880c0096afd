import { createHmac } from 'node:crypto'
import { expect, vi } from 'vitest'
import { createReceiver, type Received, type Receiver } from './receiver.ts'

export const gatewaySecret = 'the gateway secret of the tests, of 32 characters or more'

export interface GatewayNotification {
  title: string
  body: string
  badge: number
  tag: string
  silent: boolean
  conversationId: string | null
  messageId: string | null
  seq: number | null
}

/** A stand-in for the operator's gateway, which verifies signatures as docs/push.md describes. */
export interface GatewayServer extends Receiver {
  env: Record<string, string>
  /** The notifications of conversations for a token so far. */
  notificationsFor(token: string): GatewayNotification[]
  /** Waits until so many of them were received. */
  getsFor(token: string, count?: number): Promise<GatewayNotification[]>
  /** The withdrawals for a token so far. */
  withdrawalsFor(token: string): GatewayWithdrawal[]
}

export interface GatewayWithdrawal {
  tag: string
  badge: number
  conversationId: string
}

export async function createGatewayServer(): Promise<GatewayServer> {
  const receiver = await createReceiver((request) => ({ status: isSigned(request) ? 202 : 401 }))
  const notificationsFor = (token: string) =>
    receiver.received
      .map(contentOf)
      .flatMap((content) =>
        content.type === 'push' && content.token === token && content.notification.conversationId
          ? [content.notification]
          : [],
      )
  const withdrawalsFor = (token: string) =>
    receiver.received.map(contentOf).flatMap((content) => {
      if (content.type !== 'withdraw' || content.token !== token) return []
      const { tag, badge, conversationId } = content
      return [{ tag, badge, conversationId }]
    })
  return Object.assign(receiver, {
    env: { PUSH_GATEWAY_URL: `${receiver.url}/notifications`, PUSH_GATEWAY_SECRET: gatewaySecret },
    notificationsFor,
    withdrawalsFor,
    async getsFor(token: string, count = 1) {
      await vi.waitFor(() => expect(notificationsFor(token).length).toBeGreaterThanOrEqual(count), 10_000)
      return notificationsFor(token)
    },
  })
}

export type GatewayContent =
  | { type: 'push'; token: string; notification: GatewayNotification }
  | ({ type: 'withdraw'; token: string } & GatewayWithdrawal)
  | { type: 'sms'; phone: string; body: string }

/** The device token of a request; null for a text message. */
export const tokenOf = (request: Received): string | null => {
  const content = contentOf(request)
  return content.type === 'sms' ? null : content.token
}

export const contentOf = ({ body }: Received): GatewayContent => JSON.parse(body.toString())

export function isSigned({ headers, body }: Received, secret = gatewaySecret): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
  return signature === `v1,${expected}`
}
