/** The content of a notification. It is composed when it is sent, and never stored. */
export interface PushNotification {
  /** Stays the same when the same content is retried. */
  id: string
  title: string
  body: string
  /** Unread messages over all conversations, for the app icon. */
  badge: number
  /** A later notification with the same tag replaces this one. */
  tag: string
  /** Replaces a shown notification without a sound. */
  silent: boolean
  conversationId: string | null
  messageId: string | null
  seq: number | null
}

/** Removes the notification with the tag from a device. */
export type Withdrawal = Pick<PushNotification, 'id' | 'tag' | 'badge' | 'conversationId'>

/** The outcome of a request to a provider; `providerStatus` is the provider's own answer. */
export type SendResult =
  | { outcome: 'SENT' | 'GONE' | 'FAILED' | 'SUPPRESSED'; providerStatus: string }
  | { outcome: 'RETRY'; providerStatus: string; retryAfterMs: number | null }

/** A push provider. An error that it throws counts as RETRY. */
export interface PushProvider {
  send(notification: PushNotification, token: string): Promise<SendResult>
  /** Withdraws a notification; SUPPRESSED if the device does not support that. */
  withdraw(withdrawal: Withdrawal, token: string): Promise<SendResult>
  close(): void
}

/** Data fields for the app, as strings because some providers carry nothing else. */
export function notificationData(notification: PushNotification): Record<string, string> {
  const { conversationId, messageId, seq, badge, tag } = notification
  return {
    tag,
    badge: String(badge),
    ...(conversationId ? { conversationId } : {}),
    ...(messageId ? { messageId } : {}),
    ...(seq === null ? {} : { seq: String(seq) }),
  }
}

export const withdrawalData = ({ conversationId, badge, tag }: Withdrawal): Record<string, string> => ({
  tag,
  badge: String(badge),
  ...(conversationId ? { conversationId } : {}),
  withdrawn: 'true',
})

/** Whether the request may succeed later: the provider is overloaded or failing. */
export const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500
