import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildWeb } from '../../scripts/web/build.mjs'
import { openBrowser } from '../browser/browser.ts'
import type { Page } from '../browser/page.ts'
import { findChromium } from '../setup/chromium.ts'
import { restartingServer } from './server.ts'

const chromium = await findChromium()
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const password = 'correct horse battery'

beforeAll(() => {
  buildWeb()
}, 120_000)

async function fills(page: Page, field: string, text: string): Promise<void> {
  await page.clicks(field)
  await page.call('Input.insertText', { text })
}

async function registers(page: Page, handle: string, name: string): Promise<void> {
  await page.clicks('button.link', 'Create account')
  await fills(page, 'input[name=username]', handle)
  await fills(page, 'input[name=name]', name)
  await fills(page, 'input[name=password]', password)
  await page.clicks('button.primary', 'Create account')
  await page.shows('h1', 'Chats')
}

async function presses(page: Page, key: string): Promise<void> {
  const event = {
    key,
    code: key,
    windowsVirtualKeyCode: key === 'Enter' ? 13 : 27,
    text: key === 'Enter' ? '\r' : '',
  }
  await page.call('Input.dispatchKeyEvent', { type: 'keyDown', ...event })
  await page.call('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
}

async function writes(page: Page, text: string): Promise<void> {
  await fills(page, 'textarea', text)
  await presses(page, 'Enter')
}

/** What axe finds, by rule with the elements. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluates(axe)
  return (await page.evaluates(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))',
  )) as string[]
}

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
  expect(await violationsOf(page)).toEqual([])
  await page.clicks('button[lang=zh]')
  await page.shows('h1', '设置')
  await page.clicks('button[lang=en]')
  await page.clicks('button', 'Dark')
  expect(await violationsOf(page)).toEqual([])
  await page.clicks('.rail a', 'Chats')
}

test.skipIf(!chromium)(
  'two users register in the app, become friends, chat and make a group; a reload, also offline, and a restart of the server lose nothing, and axe finds no fault',
  { timeout: 120_000 },
  async () => {
    const server = await restartingServer()
    const browser = await openBrowser(chromium?.program ?? '')
    onTestFinished(browser.close)
    const alice = await browser.openApart(server.url)
    const bob = await browser.openApart(server.url)
    await alice.shows('h1', 'Welcome')
    expect(await violationsOf(alice)).toEqual([])
    await registers(alice, 'alice', 'Alice')
    await registers(bob, 'bob', 'Bob')
    await befriend(alice, 'bob', bob)
    expect(await violationsOf(bob)).toEqual([])

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
    expect([await violationsOf(alice), await violationsOf(bob)]).toEqual([[], []])

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
    expect(await violationsOf(alice)).toEqual([])
    await alice.clicks('[aria-label=Close]')
    await settles(alice)
    await alice.clicks('.rows .title', 'Bob')
    await bob.clicks('.rows .title', 'Alice')
    await alice.evaluates('navigator.serviceWorker.ready.then(() => true)')
    await server.stop()
    await alice.call('Page.reload')
    await alice.shows('.bubble', 'hello, Bob')
    await writes(alice, 'sent while the server is away')
    await alice.shows('.pending', 'sent while')
    await server.start()
    await bob.shows('.bubble', 'sent while the server is away')
    await writes(bob, 'welcome back')
    await alice.shows('.bubble', 'welcome back')
    expect([alice.faults, bob.faults].flat().filter((fault) => !fault.includes('ERR_CONNECTION'))).toEqual([])
  },
)
