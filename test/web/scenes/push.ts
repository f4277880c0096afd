import { createECDH, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Browser } from '../../browser/browser.ts'
import type { Page } from '../../browser/page.ts'
import { type BrowserPushServer, decrypt } from '../../notification/servers/browser-push.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'

interface Scene {
  browser: Browser
  url: string
  push: BrowserPushServer
  bob: Person
  conversationId: string
}

/**
 * A message that arrives while the app is closed becomes a notification, which opens the conversation. The browser has no
 * push service: its subscription is that of a stand-in, and what the stand-in receives is delivered by DevTools.
 */
export async function isNotified(page: Page, scene: Scene): Promise<void> {
  const { browser, url, push, bob, conversationId } = scene
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  const auth = randomBytes(16)
  const subscription = {
    endpoint: `${push.url}/of-alice`,
    keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') },
  }
  await page.grants(url, 'notifications')
  await page.evaluates(`PushManager.prototype.subscribe = async (options) => {
    window.subscribedWith = options
    return ${JSON.stringify(subscription)}
  }`)
  await page.clicks('.rail a', 'Settings')
  await page.clicks('button', 'Notify on this device')
  await page.shows('.items', 'Browser')
  expect(await page.evaluates('window.subscribedWith')).toEqual({
    userVisibleOnly: true,
    applicationServerKey: push.publicKey,
  })
  await page.clicks('button', 'Send a test')
  await page.shows('[role=status]', 'The test was sent.')

  // The same origin without the app: the viewer is away.
  const before = push.received.length
  await page.call('Page.navigate', { url: `${url}/icon.svg` })
  await bob.sends(conversationId, 'are you there?')
  await push.gets(before + 1)
  const received = push.received.at(-1)
  const data = JSON.stringify(decrypt(received?.body ?? Buffer.alloc(0), { keys, auth }))
  await delivers(page, url, data)
  const shown = `navigator.serviceWorker.getRegistration('/').then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body }) => title + ': ' + body))`
  await eventually(async () =>
    expect(await page.evaluates(shown)).toEqual([expect.stringContaining('are you there?')]),
  )

  await page.call('Page.navigate', { url })
  await page.shows('h1', 'Chats')
  await browser.evaluatesInWorker(url, clickOnNotification)
  await page.shows('.bubble', 'are you there?')
  expect(await page.evaluates('location.pathname')).toBe(`/c/${encodeURIComponent(conversationId)}`)
}

/** Hands a push message to the service worker. */
async function delivers(page: Page, origin: string, data: string): Promise<void> {
  const registration = page.waitsFor<{ registrations: { registrationId: string }[] }>(
    'ServiceWorker.workerRegistrationUpdated',
    ({ registrations }) => registrations.length > 0,
  )
  await page.call('ServiceWorker.enable')
  const [{ registrationId } = { registrationId: '' }] = (await registration).registrations
  await page.call('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
}

// The waiting of an event that a script makes is refused.
const clickOnNotification = `self.registration.getNotifications().then(([notification]) => {
  const event = new NotificationEvent('notificationclick', { notification })
  let done
  event.waitUntil = (promise) => { done = promise }
  self.dispatchEvent(event)
  return done.then(() => true)
})`
