import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { openBrowser } from '../browser/browser.ts'
import type { Page } from '../browser/page.ts'
import { cuttingProxy, upTo } from '../clients/cutting-proxy.ts'
import { FirstScreen } from '../clients/operations.ts'
import { type Person, passwordOf } from '../world/person.ts'
import type { World } from '../world/world.ts'
import { hold, slowDown } from './overtaken-page.ts'

const patience = { timeout: 30_000, interval: 100 }
const types: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html', '.css': 'text/css' }

/** Serves a built application as if it had been built for another server. */
async function serve(folder: string, serverUrl: string): Promise<string> {
  const site = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    const file = join(folder, path)
    const text = existsSync(file) ? readFileSync(file, 'utf8') : null
    response.writeHead(text === null ? 404 : 200, { 'content-type': types[extname(path)] ?? 'text/plain' })
    response.end(text?.replaceAll('http://localhost:4000', serverUrl))
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  onTestFinished(() => {
    site.closeAllConnections()
    site.close()
  })
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`
}

const label = (name: string) => `[aria-label=${name}]`

async function fills(page: Page, field: string, text: string): Promise<void> {
  await page.clicks(label(field))
  await page.writes(text)
}

async function signsIn(page: Page, { handle }: Person): Promise<void> {
  await fills(page, 'Handle', handle)
  await fills(page, 'Password', passwordOf(handle))
  await page.clicks('button', 'Sign in')
}

/** Without a click, since arriving messages move the field and the button. */
async function sends(page: Page, text: string): Promise<void> {
  await page.evaluates(`document.querySelector('${label('Message')}').focus()`)
  await page.writes(text)
  const enter = { key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13 }
  for (const type of ['keyDown', 'keyUp']) await page.call('Input.dispatchKeyEvent', { type, ...enter })
}

/** The list and the open conversation, as a reader sees them. */
const shown = async (page: Page) =>
  (await page.evaluates(`({
    list: [...document.querySelectorAll('nav button')].map((row) => row.textContent.trim()),
    messages: [...document.querySelectorAll('ol li')].map((item) => {
      const text = item.cloneNode(true)
      text.querySelector('b')?.remove()
      return text.textContent.trim()
    }),
  })`)) as { list: string[]; messages: string[] }

/** The same as the server has it. */
async function expected(person: Person, id: string) {
  const { conversations } = await person.do(FirstScreen, {})
  return {
    list: conversations.edges.map(({ node: { title, membership } }) =>
      membership.unreadCount > 0 ? `${title} (${membership.unreadCount})` : title,
    ),
    messages: (await person.history(id))?.map(({ plainText }) => plainText ?? ''),
  }
}

type Opened = { name: string; page: Page }

const showsAs = ({ name, page }: Opened, person: Person, id: string, seed?: number) =>
  vi.waitFor(
    async () =>
      expect(await shown(page), [name, seed, ...page.faults].join(' ')).toEqual(await expected(person, id)),
    patience,
  )

const listsAs = ({ name, page }: Opened, person: Person, id: string) =>
  vi.waitFor(
    async () => expect((await shown(page)).list, name).toEqual((await expected(person, id)).list),
    patience,
  )

interface Late {
  /** Of the direct conversation with the sender, in the list of the reader. */
  title: string
  reader: Person
  sender: Person
  id: string
  groupId: string
}

/** Opens a conversation, of which an edit and a message arrive before the page that was asked for. */
async function opensLate(pages: Opened[], { title, reader, sender, id, groupId }: Late) {
  const message = await sender.sends(id, 'hello')
  const held = await Promise.all(
    pages.map(async ({ name, page }) => {
      // The list moves when the message arrives.
      await listsAs({ name, page }, reader, id)
      const answers = await hold(page, 'answers', 'hello')
      await page.clicks('nav button', title)
      // The others read over their socket, in order.
      if (/apollo|relay|urql/.test(name)) await answers.waits(name)
      return answers
    }),
  )
  await sender.edits(message, 'good morning')
  await sender.sends(id, 'how are you?')
  // Shown when the events before it have arrived, in a conversation that is not open.
  await sender.sends(groupId, 'to all')
  for (const opened of pages) await listsAs(opened, reader, id)
  for (const { release } of held) await release()
  for (const opened of pages) await showsAs(opened, reader, id)
}

/** The others pull what changed. */
const reloads = ({ name }: Opened) => name === 'relay'

/** A page reads its screen again, and a message arrives between its history and its list, over a slow socket. */
async function reloadsLate({ name, page }: Opened, { title, reader, sender, id, groupId }: Late) {
  await sender.sends(id, 'good evening')
  // The list moves when the message arrives.
  await listsAs({ name, page }, reader, id)
  await page.clicks('nav button', title)
  await page.shows('ol', 'good evening')
  await listsAs({ name, page }, reader, id)
  const list = await hold(page, 'requests', 'syncCursor')
  const history = await hold(page, 'answers', 'good evening')
  await sender.sends(groupId, 'to all again')
  for (const held of [list, history]) await held.waits(name)
  const event = await hold(page, 'frames', 'anything new?')
  await sender.sends(id, 'anything new?')
  await event.waits(name)
  for (const held of [history, list]) await held.release()
  await listsAs({ name, page }, reader, id)
  await event.release()
  await showsAs({ name, page }, reader, id)

  // The first operation is the subscription; it ends as after an error, or after changes that the server lost.
  await page.evaluates('slow.receive({ id: "1", type: "complete" })')
  await sender.sends(id, 'still there?')
  await showsAs({ name, page }, reader, id)
}

/** Each application shows what the server has after the network broke many times. */
export async function showsTheServerAfterCuts(
  world: World,
  program: string,
  applications: Record<string, string>,
): Promise<void> {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  const group = await bob.creates('weekend', [alice, carol])
  const seed = Date.now() % 100_000
  const proxy = await cuttingProxy(world.url)
  const browser = await openBrowser(program)
  onTestFinished(browser.close)
  const pages = await Promise.all(
    Object.entries(applications).map(async ([name, folder]) => {
      const page = await browser.openApart('about:blank')
      await slowDown(page)
      await page.call('Page.navigate', { url: await serve(folder, proxy.url) })
      await signsIn(page, alice)
      return { name, page }
    }),
  )
  const late = { reader: alice, groupId: group.id }
  await opensLate(pages, { ...late, title: 'bob', sender: bob, id })
  const { id: other } = await alice.opens(carol)
  for (const opened of pages.filter(reloads)) {
    await reloadsLate(opened, { ...late, title: 'carol', sender: carol, id: other })
    await opened.page.clicks('nav button', 'bob')
    await showsAs(opened, alice, id)
  }

  proxy.storm(upTo(6_000, seed))
  const talk = async () => {
    for (let n = 0; n < 12; n += 1) {
      const message = await bob.sends(id, `to alice ${n}`)
      const remark = await carol.sends(group.id, `to all ${n}`)
      if (n % 4 === 0) await bob.edits(message, `to alice ${n}, corrected`)
      if (n % 5 === 0) await carol.recalls(remark)
      if (n === 6) await bob.changesGroup(group.id, { name: 'long weekend' })
      proxy.cut()
    }
  }
  await Promise.all([talk(), ...pages.map(({ name, page }) => sends(page, `from ${name}`))])
  expect(proxy.cuts).toBeGreaterThan(pages.length)
  proxy.calm()

  for (const opened of pages) await showsAs(opened, alice, id, seed)
  for (const { page } of pages) {
    await page.clicks('nav button', 'long weekend')
    await page.shows('ol', 'to all 11')
  }
  await bob.sends(group.id, 'to all of a large group')
  for (const opened of pages) await showsAs(opened, alice, group.id, seed)
  const texts = (await alice.history(id))?.map(({ plainText }) => plainText) ?? []
  expect(texts.filter((text) => text?.startsWith('from ')).sort()).toEqual(
    pages.map(({ name }) => `from ${name}`).sort(),
  )
}
