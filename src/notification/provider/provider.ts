/** What a device shows. It is made when it is sent and stored nowhere. */
export interface PushNotification {
  /** The same when the same is sent again. */
  id: string
  title: string
  body: string
  /** Unread messages over all conversations; what an app icon shows. */
  badge: number
  /** A later notice with the same tag takes the place of this one. */
  tag: string
  /** It corrects what is shown, and should not sound. */
  silent: boolean
  conversationId: string | null
  messageId: string | null
  seq: number | null
}

/** What a device shows no longer: it was read elsewhere. */
export type Withdrawal = Pick<PushNotification, 'id' | 'tag' | 'badge' | 'conversationId'>

/** What a provider made of a notice; the status is in its own words. */
export type SendResult =
  | { outcome: 'SENT' | 'GONE' | 'FAILED' | 'SUPPRESSED'; providerStatus: string }
  | { outcome: 'RETRY'; providerStatus: string; afterMs: number | null }

/** One way to reach devices. It may throw, which is as an answer of RETRY. */
export interface PushProvider {
  send(notification: PushNotification, token: string): Promise<SendResult>
  /** Takes away what is shown, and shows nothing; SUPPRESSED where that cannot be. */
  withdraw(withdrawal: Withdrawal, token: string): Promise<SendResult>
  close(): void
}

/** What an app finds in a notice beside its text, as strings: not every provider carries anything else. */
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

/** Overload and failures of the provider's own pass. */
export const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500
