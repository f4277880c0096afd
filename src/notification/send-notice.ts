import type { PushProvider as ProviderName } from '../platform/db/generated/enums.ts'
import type { Answer, Notice } from './providers/push-provider.ts'
import type { Push } from './push.ts'

const statusMax = 300

/** Hands a notice to a provider. Whatever goes wrong on the way may go well later. */
export async function sendNotice(
  push: Push,
  provider: ProviderName,
  notice: Notice,
  token: string,
): Promise<Answer> {
  const used = push.providers.get(provider)
  if (!used) return { outcome: 'FAILED', providerStatus: `This server does not push by ${provider}.` }
  try {
    return await used.send(notice, token)
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    return { outcome: 'RETRY', providerStatus: reason.slice(0, statusMax), afterMs: null }
  }
}
