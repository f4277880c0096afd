import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../../scripts/web/build.mjs'
import { type Browser, openBrowser } from '../browser/browser.ts'
import type { Page } from '../browser/page.ts'
import { createBrowserPushServer } from '../notification/servers/browser-push.ts'
import { createMailServer } from '../notification/servers/mail.ts'
import { findChromium } from '../setup/chromium.ts'
import { passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { deletesTheAccount, hidesAChat, verifiesAnAddress } from './scenes/account.ts'
import { changesThePolicies, invites } from './scenes/groups.ts'
import { scrollsALongHistory } from './scenes/history.ts'
import { fitsEveryWindow } from './scenes/layout.ts'
import { announcesAndSearches, drafts, forwards, pins, sendsAPicture } from './scenes/messages.ts'
import { moderates } from './scenes/moderation.ts'
import { isNotified } from './scenes/push.ts'
import { changesTheSettings } from './scenes/settings.ts'
import { sendsAVoiceMessage } from './scenes/voice.ts'
import { restartingServer } from './server.ts'
import { fills, isAccessible, presses, registers, signsIn, writes } from './verbs.ts'

const chromium = await findChromium()
const push = await createBrowserPushServer()
// Handle of the fourth person of this world.
const mail = await createMailServer()
const world = useWorld({ ...push.env, ...mail.env, ADMIN_HANDLES: 'molly.g', LIMIT_PUSH_DELAY_MS: '100' })
const password = 'correct horse battery'
const picture = join(tmpdir(), `parlance-view-${process.pid}.png`)
let browser: Browser

beforeAll(async () => {
  buildWeb()
  if (chromium) browser = await openBrowser(chromium.program)
  // Noise does not compress, so that its upload takes a while.
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
  const create = { width: 640, height: 480, channels: 3, noise, background: 'white' } as const
  await writeFile(picture, await sharp({ create }).png().toBuffer())
}, 120_000)
afterAll(() => browser?.close())
afterAll(() => Promise.all([push.close(), mail.close()]))
afterAll(() => rm(picture, { force: true }))

/** One asks in the app, the other accepts. */
async function befriend(asking: Page, handle: string, accepting: Page): Promise<void> {
  await asking.clicks('.rail a', 'People')
  await fills(asking, 'form[role=search] input', handle)
  await asking.clicks('button', 'Find')
  await asking.clicks('button', 'Add friend')
  await accepting.clicks('.rail a', 'People')
  await accepting.clicks('button', 'Accept')
  await asking.shows('.items', 'Message')
}

async function createsGroup(page: Page, name: string, member: string): Promise<void> {
  await page.clicks('[aria-label="New group"]')
  await fills(page, '.sheet input.input', name)
  await page.clicks('.sheet label', member)
  await page.clicks('button', 'Create')
  await page.shows('.header h2', name)
}

/** Looks at the settings, in the other language and back. */
async function settles(page: Page): Promise<void> {
  await page.clicks('.rail a', 'Settings')
  await page.shows('.items', 'This device')
  await isAccessible(page)
  await page.clicks('button[lang=zh]')
  await page.shows('h1', '设置')
  await page.clicks('button[lang=en]')
  await page.clicks('button', 'Dark')
  await isAccessible(page)
  await page.clicks('.rail a', 'Chats')
}

test.skipIf(!chromium)(
  'two users register in the app, become friends, chat and make a group; a reload, also offline, and a restart of the server lose nothing, and axe finds no fault',
  { timeout: 120_000 },
  async () => {
    const server = await restartingServer()
    const alice = await browser.openApart(server.url)
    const bob = await browser.openApart(server.url)
    await alice.shows('h1', 'Welcome')
    await isAccessible(alice)
    await registers(alice, 'alice', 'Alice', password)
    await registers(bob, 'bob', 'Bob', password)
    await befriend(alice, 'bob', bob)
    await isAccessible(bob)

    await alice.clicks('.rows .title', 'Bob')
    await writes(alice, 'hello, Bob')
    await alice.shows('.bubble', 'hello, Bob')
    await bob.shows('.rows a .preview', 'hello, Bob')
    await bob.shows('.rows a b', '1')
    await bob.clicks('.rows .title', 'Alice')
    await alice.shows('.state', 'Read')
    await bob.clicks('button[aria-label=More]')
    await bob.clicks('button[aria-label="React with 👍"]')
    await alice.shows('.reactions', '👍 1')
    await isAccessible(alice)
    await isAccessible(bob)

    await alice.call('Page.reload')
    await alice.shows('.bubble', 'hello, Bob')
    await createsGroup(alice, 'Mountains', 'Bob')
    await fills(alice, 'textarea', 'a question for @Bo')
    await alice.clicks('[role=option]', 'Bob')
    await presses(alice, 'Enter')
    await bob.clicks('.rows .title', 'Mountains')
    await bob.shows('.bubble .own', '@Bob')
    await alice.shows('.state', 'Read by 1')
    await alice.clicks('[aria-label="Group details"]')
    await alice.shows('dialog .items', 'Bob')
    await isAccessible(alice)
    await alice.clicks('[aria-label=Close]')
    await settles(alice)
    await alice.clicks('.rows .title', 'Bob')
    await bob.clicks('.rows .title', 'Alice')
    await alice.evaluates('navigator.serviceWorker.ready.then(() => true)')
    await server.stop()
    await alice.call('Page.reload')
    await alice.shows('.bubble', 'hello, Bob')
    await writes(alice, 'sent while the server is away')
    await alice.shows('.note', 'Offline. Messages are sent when the connection is back.')
    await alice.shows('.pending', 'sent while')
    await server.start()
    await bob.shows('.bubble', 'sent while the server is away')
    await alice.lacks('.note')
    await writes(bob, 'welcome back')
    await alice.shows('.bubble', 'welcome back')
    const path = (await alice.evaluates('location.pathname')) as string
    await fitsEveryWindow(alice)
    await server.stop()
    await scrollsALongHistory(alice, server.url, path)
    expect([alice.faults, bob.faults].flat().filter((fault) => !fault.includes('ERR_CONNECTION'))).toEqual([])
  },
)

test.skipIf(!chromium)(
  'a user changes the settings, sends a picture and a voice message, pins, forwards, drafts, announces, searches, changes a group, invites, hides a chat, verifies an address, is notified and deletes the account, and a moderator resolves a report',
  { timeout: 120_000 },
  async () => {
    const [alice, bob, eve, molly] = await world.people('alice', 'bob', 'eve', 'molly')
    const conversationId = await alice.befriends(bob)
    const group = await alice.creates('Mountains', [bob])
    const page = await browser.openApart(world.url)
    await signsIn(page, alice.handle, passwordOf(alice.handle))
    await changesTheSettings(page, { alice, eve, picture })
    await page.clicks('.rail a', 'Chats')
    await page.clicks('.rows .title', 'bob')
    await sendsAPicture(page, picture)
    await pins(page)
    await drafts(page, alice, conversationId)
    const found = await alice.history(conversationId)
    await forwards(page, 'Mountains')
    await announcesAndSearches(page, alice)
    await sendsAVoiceMessage(page, { url: world.url, alice, id: group.id })
    const moderator = await browser.openApart(world.url)
    await signsIn(moderator, molly.handle, passwordOf(molly.handle))
    await changesThePolicies(page, alice, group.id)
    await invites(page, moderator, 'Mountains')
    await hidesAChat(page, 'bob')
    await verifiesAnAddress(page, mail, 'alice@example.com')
    await isNotified(page, { url: world.url, push, alice, bob, conversationId })
    const message = found?.find(({ plainText }) => plainText === 'remember the tea') ?? { id: '' }
    await moderates(moderator, { molly, bob, message })
    await deletesTheAccount(page, passwordOf(alice.handle))
    expect([page.faults, moderator.faults].flat()).toEqual([])
  },
)
