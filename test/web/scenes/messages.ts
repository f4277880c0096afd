import { expect, vi } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { choosesFiles, fills, isAccessible, presses, writes } from '../verbs.ts'
import { countOf } from './reads.ts'

/** Clicks a button or a field in the row of a message. */
async function clicksIn(page: Page, text: string, selector: string): Promise<void> {
  const click = `(() => {
    const row = [...document.querySelectorAll('article')].find((one) => one.textContent.includes(${JSON.stringify(text)}))
    const found = row?.querySelector(${JSON.stringify(selector)})
    found?.click()
    return found != null
  })()`
  await vi.waitFor(async () => expect(await page.evaluates(click), `${text} ${selector}`).toBe(true), 10_000)
}
const opensMenuOf = (page: Page, text: string) => clicksIn(page, text, 'button[aria-label=More]')

/** A picture is uploaded with progress, and shown in full by a click on it. */
export async function sendsAPicture(page: Page, picture: string): Promise<void> {
  await page.evaluates(`{
    window.progress = new Set()
    new MutationObserver(() => {
      const bar = document.querySelector('.pending progress')
      if (bar) window.progress.add(bar.value)
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
  }`)
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 }
  await page.call('Network.emulateNetworkConditions', slow)
  await choosesFiles(page, '.bar input[type=file]', picture)
  await fills(page, 'dialog input.input', 'the view')
  await page.clicks('dialog button.primary', 'Send')
  await page.finds('.bubble .frame img')
  await page.call('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
  await page.shows('.bubble', 'the view')
  // Values between the ends.
  const values = (await page.evaluates('[...window.progress]')) as number[]
  expect(values.some((value) => value > 0 && value < 1)).toBe(true)
  await page.clicks('.bubble .frame')
  await eventually(async () =>
    expect(await page.evaluates("document.querySelector('dialog[open] > img')?.naturalWidth")).toBe(640),
  )
  await presses(page, 'Escape')
  await page.lacks('dialog')
}

/** Pins a message, and unpins it from the list. */
export async function pins(page: Page): Promise<void> {
  await writes(page, 'remember the tea')
  await opensMenuOf(page, 'remember the tea')
  await page.clicks('.choice', 'Pin message')
  await page.clicks('.note-bar', 'Pinned message')
  await page.clicks('[aria-label="Chat menu"]')
  await page.clicks('.choice', 'Pinned messages')
  await page.shows('dialog', 'remember the tea')
  await isAccessible(page)
  await page.clicks('dialog button', 'Unpin')
  await page.shows('dialog', 'Nothing here.')
  await presses(page, 'Escape')
  await page.lacks('.note-bar')
}

/** Selects two messages and forwards them as one to a group. */
export async function forwards(page: Page, group: string): Promise<void> {
  await writes(page, 'and the bread')
  await opensMenuOf(page, 'remember the tea')
  await page.clicks('.choice', 'Select')
  await clicksIn(page, 'and the bread', 'input[type=checkbox]')
  await page.shows('[role=toolbar]', '2 selected')
  await page.clicks('[role=toolbar] button', 'Forward')
  await page.clicks('dialog button', 'As one message')
  await page.clicks('dialog label', group)
  await page.clicks('dialog button.primary', 'Forward')
  await page.shows('dialog', 'Forwarded.')
  await presses(page, 'Escape')
  await page.clicks('.rows .title', group)
  await page.shows('.forward', 'and the bread')
}

/** A draft reaches other devices of the viewer, and theirs reach this one. */
export async function drafts(page: Page, alice: Person, id: string): Promise<void> {
  await fills(page, 'textarea', 'half a thou')
  const draft = async () => (await alice.conversation(id))?.membership.draft
  await vi.waitFor(async () => expect(await draft()).toBe('half a thou'), 10_000)
  await alice.changesView(id, { draft: 'half a thought' })
  await eventually(async () =>
    expect(await page.evaluates("document.querySelector('textarea').value")).toBe('half a thought'),
  )
  await page.clicks('textarea')
  await presses(page, 'Enter')
  await vi.waitFor(async () => expect(await draft()).toBeNull(), 10_000)
}

/** The owner publishes, and a search finds what was written. */
export async function announcesAndSearches(page: Page, alice: Person): Promise<void> {
  await writes(page, 'Who brings the compass?')
  await page.shows('.bubble', 'compass')
  await page.clicks('[aria-label="Chat menu"]')
  await page.clicks('.choice', 'Announcements')
  await fills(page, 'dialog textarea', 'We meet at nine.')
  await page.clicks('dialog button', 'Publish')
  await page.shows('dialog article', 'We meet at nine.')
  await presses(page, 'Escape')
  await page.shows('.note-bar', 'We meet at nine.')
  // The index is a moment behind.
  await vi.waitFor(async () => expect(await countOf(alice, 'compass')).toBe(1), 30_000)
  await page.clicks('[aria-label="Search in this chat"]')
  await fills(page, 'dialog input', 'compass')
  await page.shows('dialog mark', 'compass')
  await isAccessible(page)
  await page.clicks('dialog [aria-label=Close]')
  await page.lacks('dialog')
}
