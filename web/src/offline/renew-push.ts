import type { Parlance } from '@parlance/client'
import { accountOf } from '@parlance/client/account'
import { canPush, currentPush } from '../settings/web-push.ts'

/** Registers the subscription of this browser again: a browser may renew it, and another user may have signed in. */
export async function renewPush(parlance: Parlance): Promise<void> {
  if (!canPush() || Notification.permission !== 'granted') return
  const subscription = await currentPush()
  if (subscription) await accountOf(parlance).registerPush(subscription)
}
