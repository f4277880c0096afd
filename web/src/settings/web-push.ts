import { language } from '../words/language.ts'

export const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window

const manager = async () => (await navigator.serviceWorker.ready).pushManager

const registrationOf = (subscription: PushSubscription) => ({
  provider: 'WEB_PUSH' as const,
  token: JSON.stringify(subscription),
  locale: language.value,
})

/** Asks for permission and a subscription; what the server needs to push to it, or null without permission. */
export async function subscribeToPush(publicKey: string) {
  if ((await Notification.requestPermission()) !== 'granted') return null
  const options = { userVisibleOnly: true, applicationServerKey: publicKey }
  return registrationOf(await (await manager()).subscribe(options))
}

/** What the server needs to push to this browser, if it is subscribed. */
export async function currentPush() {
  // Without a worker, as in development, `ready` waits for ever.
  if (!(await navigator.serviceWorker.getRegistration())) return null
  const subscription = await (await manager()).getSubscription()
  return subscription && registrationOf(subscription)
}

export async function unsubscribeFromPush(): Promise<void> {
  await (await (await manager()).getSubscription())?.unsubscribe()
}
