import { expect, onTestFinished, test, vi } from 'vitest'
import { type Browser, openBrowser } from '../../../browser/browser.ts'
import type { Page } from '../../../browser/page.ts'
import { cuttingProxy } from '../../../clients/cutting-proxy.ts'
import { findChromium } from '../../../setup/chromium.ts'
import { type Person, passwordOf } from '../../../world/person.ts'
import { useWorld } from '../../../world/world.ts'
import { siteOf } from './site.ts'

const chromium = await findChromium()
const world = useWorld({ ALLOWED_ORIGINS: '*' })

const quote = JSON.stringify
const patience = { timeout: 30_000, interval: 50 }
const shows = (page: Page, text: string) =>
  vi.waitFor(async () => expect(await page.evaluates('texts()')).toBe(text), patience)
const socketsOf = (pages: readonly Page[]) =>
  pages.flatMap(({ asked }) => asked.filter((url) => url.startsWith('ws:')))

const signsIn = (page: Page, { handle }: Person) =>
  page.evaluates(
    `parlance.login(${quote({ handle, password: passwordOf(handle), device: { name: 'test', platform: 'WEB' } })})`,
  )

/** Opens a page, which has its client as soon as its script has run. */
async function opens(browser: Browser, url: string): Promise<Page> {
  const page = await browser.open(url)
  await vi.waitFor(async () => expect(await page.evaluates('typeof texts')).toBe('function'), patience)
  return page
}

/** What a database of IndexedDB holds, as text. */
const keptIn = (name: string) => `new Promise((resolve) => {
  const wish = indexedDB.open('parlance.${name}', 1)
  wish.onsuccess = () => {
    const all = wish.result.transaction('records').objectStore('records').getAll()
    all.onsuccess = () => { wish.result.close(); resolve(JSON.stringify(all.result)) }
  }
})`
const kept = keptIn('cache')

test.skipIf(!chromium)(
  'in Chromium, with a clock a day ahead, six tabs share one socket, a cache paints offline, a file outlives its page and a sign-out empties all',
  { timeout: 120_000 },
  async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await bob.opens(alice)
    const proxy = await cuttingProxy(world.url)
    const site = await siteOf(proxy.url)
    const browser = await openBrowser(chromium?.program ?? '')
    onTestFinished(browser.close)

    const pages = [await opens(browser, site)]
    const [leader] = pages as [Page]
    await signsIn(leader, alice)
    await bob.sends(id, 'to one tab')
    await shows(leader, 'to one tab')
    for (let count = 1; count < 6; count += 1) pages.push(await opens(browser, site))
    const message = await bob.sends(id, 'to six tabs')
    for (const page of pages) await shows(page, 'to six tabs')
    expect(socketsOf(pages)).toHaveLength(1)

    // A follower sends through the leader, and then through the one after it.
    const [, second, third, ...others] = pages as [Page, Page, Page, ...Page[]]
    expect(await third.evaluates(`says(${quote(id)}, 'from a follower')`)).toBe('from a follower')
    await leader.call('Page.close')
    for (const page of [...others, third]) await page.call('Page.close')
    await bob.sends(id, 'after the leader')
    await shows(second, 'after the leader')
    expect(await second.evaluates(`says(${quote(id)}, 'from the last tab')`)).toBe('from the last tab')
    const texts = (await bob.history(id))?.map(({ plainText }) => plainText)
    expect(texts?.slice(-3)).toEqual(['from a follower', 'after the leader', 'from the last tab'])

    // A recalled text leaves the cache.
    await vi.waitFor(
      async () => expect(await second.evaluates(kept)).toContain('from the last tab'),
      patience,
    )
    expect(await second.evaluates(kept)).toContain('to six tabs')
    await bob.recalls(message)
    await vi.waitFor(async () => expect(await second.evaluates(kept)).not.toContain('to six tabs'), patience)

    // Without the server a new page shows what the cache holds.
    proxy.storm(() => 0)
    await second.call('Page.close')
    const closed = await opens(browser, site)
    await shows(closed, 'from the last tab')
    // A file that waits for its upload outlives the page.
    await closed.evaluates(`attaches(${quote(id)})`)
    await vi.waitFor(async () => expect(await closed.evaluates(keptIn('files'))).toBe('[{}]'), patience)
    await closed.call('Page.close')
    const offline = await opens(browser, site)
    await shows(offline, 'from the last tab')
    await bob.sends(id, 'while offline')
    proxy.calm()
    const last = await vi.waitFor(async () => {
      const history = (await bob.history(id))?.slice(-2) ?? []
      expect(history[0]?.plainText).toBe('while offline')
      return history[1]?.plainText as string
    }, patience)
    expect(last).toContain('tea.txt')
    await shows(offline, last)

    const other = await opens(browser, site)
    await shows(other, last)
    await other.evaluates('parlance.logout()')
    for (const page of [offline, other]) {
      await shows(page, '')
      await vi.waitFor(async () => expect(await page.evaluates(kept)).toBe('[]'), patience)
      expect(await page.evaluates('localStorage.length')).toBe(0)
    }
    // Refused connections are logged as errors of the network.
    const faults = [...pages, closed, offline, other].flatMap((page) => page.faults)
    expect(faults.filter((fault) => !fault.includes('net::ERR') && !fault.includes('WebSocket'))).toEqual([])
  },
)
