import { go } from '../router.ts'

/** Lets the app start without a network, and opens the conversation of a notification. */
export function registerWorker(): void {
  // Development serves files that change.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register('/service-worker.js').catch(() => {})
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (typeof data?.open === 'string') go(data.open)
  })
}
