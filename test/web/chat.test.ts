import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildWeb } from '../../scripts/build-web.mjs'
import { openBrowser } from '../browser/browser.ts'
import type { Page } from '../browser/page.ts'
import { findChromium } from '../setup/chromium.ts'
import { perform } from '../world/client.ts'
import { AcceptFriendRequest, Login, RequestFriend } from '../world/operations.ts'
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

async function befriend(url: string): Promise<void> {
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map(
      async (handle) => (await perform(url, Login, { input: { handle, password } }, null)).login,
    ),
  )
  if (!alice || !bob) throw new Error('Not signed in.')
  const { requestFriend } = await perform(url, RequestFriend, { userId: bob.user.id }, alice.accessToken)
  await perform(url, AcceptFriendRequest, { id: requestFriend?.friendRequest.id ?? '' }, bob.accessToken)
}

test.skipIf(!chromium)(
  'two users register in the app and chat; a reload and a restart of the server lose nothing, and axe finds no fault',
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
    await befriend(server.url)

    await alice.clicks('.rows a', 'Bob')
    await writes(alice, 'hello, Bob')
    await alice.shows('.bubble', 'hello, Bob')
    await bob.shows('.rows a .preview', 'hello, Bob')
    await bob.shows('.rows a b', '1')
    await bob.clicks('.rows a', 'Alice')
    await alice.shows('.state', 'Read')
    await bob.clicks('button[aria-label=More]')
    await bob.clicks('button[aria-label="React with 👍"]')
    await alice.shows('.reactions', '👍 1')
    expect([await violationsOf(alice), await violationsOf(bob)]).toEqual([[], []])

    await alice.call('Page.reload')
    await alice.shows('.bubble', 'hello, Bob')
    await server.stop()
    await writes(alice, 'sent while the server is away')
    await alice.shows('.pending', 'sent while')
    await server.start()
    await bob.shows('.bubble', 'sent while the server is away')
    await writes(bob, 'welcome back')
    await alice.shows('.bubble', 'welcome back')
    expect([alice.faults, bob.faults].flat().filter((fault) => !fault.includes('ERR_CONNECTION'))).toEqual([])
  },
)
