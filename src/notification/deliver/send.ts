import type { PushProvider as ProviderName } from '../../platform/db/generated/enums.ts'
import { shorten } from '../../platform/language/shorten.ts'
import type { PushNotification, PushProvider, SendResult, Withdrawal } from '../provider/provider.ts'
import type { Push } from '../push.ts'

const statusMax = 300

/** Hands a notice to a provider. */
export const sendNotification = (
  push: Push,
  provider: ProviderName,
  notification: PushNotification,
  token: string,
) => tell(push, provider, (used) => used.send(notification, token))

/** Has a provider take a notice away. */
export const sendWithdrawal = (push: Push, provider: ProviderName, withdrawal: Withdrawal, token: string) =>
  tell(push, provider, (used) => used.withdraw(withdrawal, token))

async function tell(
  push: Push,
  provider: ProviderName,
  what: (used: PushProvider) => Promise<SendResult>,
): Promise<SendResult> {
  const used = push.providers.get(provider)
  if (!used) return { outcome: 'FAILED', providerStatus: `This server does not push by ${provider}.` }
  return retryOnError(() => what(used))
}

/** Whatever goes wrong on the way may go well later. */
export async function retryOnError(send: () => Promise<SendResult>): Promise<SendResult> {
  try {
    return await send()
  } catch (error) {
    return { outcome: 'RETRY', providerStatus: shorten(reasonOf(error), statusMax), afterMs: null }
  }
}

/** The code of a failed connection, such as ECONNREFUSED: its words name addresses of the operator's. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message || error.name
}
