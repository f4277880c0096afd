/// <reference lib="webworker" />
// Shows the app without a network, and the messages that are pushed.

export {}

declare const self: ServiceWorkerGlobalScope
/** Names of all built files, put in by vite.config.ts. */
declare const BUILT_FILES: readonly string[]

const cacheName = `parlance ${BUILT_FILES.join()}`
const shell = '/'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([shell, ...BUILT_FILES])))
  void self.skipWaiting()
})

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOld())
})

async function removeOld(): Promise<void> {
  for (const name of await caches.keys()) if (name !== cacheName) await caches.delete(name)
  await self.clients.claim()
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (BUILT_FILES.includes(pathname)) event.respondWith(file(request))
  else if (request.mode === 'navigate' && !pathname.startsWith('/graphql')) event.respondWith(page(request))
})

/** From the server, so that a new version shows at once; without it, the page that was loaded last. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    return (await caches.match(shell)) ?? Response.error()
  }
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

interface Pushed {
  title: string
  body: string
  silent: boolean
  withdrawn?: boolean
  data: { tag: string; badge: string; conversationId?: string }
}

self.addEventListener('push', (event) => {
  if (event.data) event.waitUntil(show(event.data.json() as Pushed))
})

let notified = Promise.resolve()

/**
 * The notification does not wait for the badge, which takes as long as the desktop does. It waits for the one before it:
 * the list in which a withdrawal looks lacks a notification that is about to be shown, and Chromium then forgets its data.
 */
async function show(pushed: Pushed): Promise<void> {
  const badge = navigator.setAppBadge?.(Number(pushed.data.badge)).catch(() => {})
  notified = notified.catch(() => {}).then(() => notify(pushed))
  await Promise.all([badge, notified])
}

async function notify({ title, body, silent, withdrawn, data }: Pushed): Promise<void> {
  if (!withdrawn)
    return self.registration.showNotification(title, { body, silent, data, tag: data.tag, icon: '/icon.svg' })
  for (const shown of await self.registration.getNotifications({ tag: data.tag })) shown.close()
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { conversationId } = event.notification.data as Pushed['data']
  event.waitUntil(open(conversationId ? `/c/${encodeURIComponent(conversationId)}` : '/'))
})

async function open(path: string): Promise<void> {
  const all = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const own = all.filter(({ url }) => !new URL(url).pathname.startsWith('/graphql'))
  const client = own.find(({ focused }) => focused) ?? own[0]
  if (!client) return void (await self.clients.openWindow(path))
  client.postMessage({ open: path })
  // A browser may refuse it; the conversation is open all the same.
  await client.focus().catch(() => {})
}
