import type { PushProvider as ProviderName } from '../../platform/db/generated/enums.ts'
import { shorten } from '../../platform/language/shorten.ts'
import type { Push } from '../provider/open.ts'
import type { PushNotification, PushProvider, SendResult, Withdrawal } from '../provider/provider.ts'

const statusMax = 300

export const sendNotification = (
  push: Push,
  provider: ProviderName,
  notification: PushNotification,
  token: string,
) => request(push, provider, (used) => used.send(notification, token))

export const sendWithdrawal = (push: Push, provider: ProviderName, withdrawal: Withdrawal, token: string) =>
  request(push, provider, (used) => used.withdraw(withdrawal, token))

async function request(
  push: Push,
  provider: ProviderName,
  call: (used: PushProvider) => Promise<SendResult>,
): Promise<SendResult> {
  const used = push.providers.get(provider)
  if (!used) return { outcome: 'FAILED', providerStatus: `Provider ${provider} is not configured.` }
  return retryOnError(() => call(used))
}

/** An error, such as a failed connection, counts as RETRY. */
export async function retryOnError(send: () => Promise<SendResult>): Promise<SendResult> {
  try {
    return await send()
  } catch (error) {
    return { outcome: 'RETRY', providerStatus: shorten(reasonOf(error), statusMax), retryAfterMs: null }
  }
}

/** The code of a failed connection, such as ECONNREFUSED. Its message contains addresses of the operator's network. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message || error.name
}
