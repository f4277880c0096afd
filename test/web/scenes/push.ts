import { createECDH, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { type BrowserPushServer, decrypt } from '../../notification/servers/browser-push.ts'
import type { Person } from '../../world/person.ts'

interface Scene {
  url: string
  push: BrowserPushServer
  alice: Person
  bob: Person
  conversationId: string
}

/**
 * A message that arrives while the app is closed becomes a notification, which opens the conversation. The browser has no
 * push service: its subscription is that of a stand-in, and what the stand-in receives is delivered by DevTools.
 */
export async function isNotified(page: Page, scene: Scene): Promise<void> {
  const { url, push, alice, bob, conversationId } = scene
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
  await page.call('Page.navigate', { url: `${url}/icon.svg` })
  const pushed = async <Result>(act: () => Promise<Result>) => {
    const before = push.received.length
    const result = await act()
    const received = (await push.gets(before + 1))[before]
    return { data: JSON.stringify(decrypt(received?.body ?? Buffer.alloc(0), { keys, auth })), result }
  }
  const deliver = await deliveryTo(page, url)
  const shown = () =>
    page.evaluatesInWorker('self.registration.getNotifications().then((all) => all.map(({ body }) => body))')

  // A device that was offline gets both at once.
  const missed = await pushed(() => bob.sends(conversationId, 'call me'))
  const withdrawn = await pushed(() => alice.reads(conversationId, missed.result.seq))
  await deliver(missed.data, withdrawn.data)
  expect(await shown()).toEqual([])
  await deliver((await pushed(() => bob.sends(conversationId, 'are you there?'))).data)
  expect(await shown()).toEqual([expect.stringContaining('are you there?')])

  await page.call('Page.navigate', { url })
  await page.shows('h1', 'Chats')
  expect(await page.evaluatesInWorker(clickOnNotification)).toBe(true)
  await page.shows('.bubble', 'are you there?')
  expect(await page.evaluates('location.pathname')).toBe(`/c/${encodeURIComponent(conversationId)}`)
}

/**
 * Hands push messages to the service worker, and waits until it has handled them. To list the notifications meanwhile
 * would make Chromium forget those that are about to be shown.
 */
async function deliveryTo(page: Page, origin: string): Promise<(...messages: string[]) => Promise<void>> {
  const registration = page.waitsFor<{ registrations: { registrationId: string }[] }>(
    'ServiceWorker.workerRegistrationUpdated',
    ({ registrations }) => registrations.length > 0,
  )
  await page.call('ServiceWorker.enable')
  const service = 'pushMessaging'
  await page.call('BackgroundService.startObserving', { service })
  await page.call('BackgroundService.setRecording', { service, shouldRecord: true })
  const [{ registrationId } = { registrationId: '' }] = (await registration).registrations
  return async (...messages) => {
    let handled = 0
    const allHandled = page.waitsFor<{ backgroundServiceEvent: { eventName: string } }>(
      'BackgroundService.backgroundServiceEventReceived',
      ({ backgroundServiceEvent }) => {
        if (backgroundServiceEvent.eventName === 'Push event completed') handled += 1
        return handled === messages.length
      },
    )
    for (const data of messages)
      await page.call('ServiceWorker.deliverPushMessage', { origin, registrationId, data })
    await allHandled
  }
}

// The waiting of an event that a script makes is refused.
const clickOnNotification = `self.registration.getNotifications().then(([notification]) => {
  const event = new NotificationEvent('notificationclick', { notification })
  let done
  event.waitUntil = (promise) => { done = promise }
  self.dispatchEvent(event)
  return done.then(() => true)
})`
