import { language } from '../words/language.ts'

export const canPush = (): boolean => 'serviceWorker' in navigator && 'PushManager' in window

/** Asks the browser for a subscription, with the viewer's permission; what the server needs to push to it. */
export async function subscribeToPush(publicKey: string) {
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  return { provider: 'WEB_PUSH' as const, token: JSON.stringify(subscription), locale: language.value }
}
