import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'

/** Begins to count processor time. */
async function counts(page: Page): Promise<void> {
  await page.call('Performance.disable')
  await page.call('Performance.enable', { timeDomain: 'threadTicks' })
}

/** Milliseconds of the document so far: its scripts, or all work of its thread. */
async function spentMs(page: Page, work: 'ScriptDuration' | 'TaskDuration'): Promise<number> {
  const { metrics } = (await page.call('Performance.getMetrics')) as {
    metrics: { name: string; value: number }[]
  }
  return (metrics.find(({ name }) => name === work)?.value ?? 0) * 1_000
}

// The cache of the app, in which the conversation on screen gets a history of this length.
const withHistory = (count: number, path: string) => `(async () => {
  const done = (wish) => new Promise((resolve, reject) => {
    wish.onsuccess = () => resolve(wish.result)
    wish.onerror = () => reject(wish.error)
  })
  const database = await done(indexedDB.open('parlance.cache'))
  const records = database.transaction('records', 'readwrite').objectStore('records')
  const id = decodeURIComponent(${JSON.stringify(path)}.split('/').at(-1))
  const entry = await done(records.get(id))
  const like = entry.messages.findLast(({ content }) => content.__typename === 'TextContent')
  const messages = Array.from({ length: ${count} }, (_, index) => {
    const text = 'number ' + (index + 1) + ' of many' + ' and more'.repeat(index % 40)
    const sentAt = new Date(Date.parse(like.sentAt) - (${count} - index) * 60_000).toISOString()
    return { ...like, id: 'made-' + index, clientMessageId: 'made-' + index, seq: index + 1, sentAt, quote: null,
      quoteSeq: null, reactions: [], plainText: text, content: { ...like.content, text } }
  })
  const row = { ...entry.row, maxSeq: ${count}, messageCount: ${count},
    membership: { ...entry.row.membership, readSeq: ${count}, readCount: ${count}, visibleFromSeq: 1 } }
  await done(records.put({ ...entry, row, messages }, id))
  database.close()
})()`

/** Script whose processor time says how fast the machine is: some 40 ms where the goals were set. */
const calibration = `new Promise((resolve) => setTimeout(() => {
  let length = 0
  for (let turn = 0; turn < 500; turn += 1) {
    const rows = Array.from({ length: 100 }, (_, index) => ({ id: 'row ' + index, turn, text: 'some words '.repeat(4) }))
    length += JSON.stringify(JSON.parse(JSON.stringify(rows)).sort((a, b) => (a.id < b.id ? -1 : 1))).length
  }
  resolve(length)
}))`

interface Measured {
  /** All work from the navigation until the newest message is on screen. */
  paintMs: number
  /** Script of scrolling by many screens. */
  scrollMs: number
  /** The most rows that were in the document. */
  rows: number
}

async function measures(page: Page, url: string, path: string, count: number): Promise<Measured> {
  // A document of the same origin without the app, which would write its cache.
  await page.call('Page.navigate', { url: `${url}/icon.svg` })
  await page.finds('svg:root')
  await page.evaluates(withHistory(count, path))
  await counts(page)
  await page.call('Page.navigate', { url: `${url}${path}` })
  await page.shows('.bubble', `number ${count} of many`)
  const paintMs = await spentMs(page, 'TaskDuration')
  const before = await spentMs(page, 'ScriptDuration')
  const rows = (await page.evaluates(`(async () => {
    const scroller = document.querySelector('.scroller')
    let most = 0
    for (let step = 0; step < 25; step += 1) {
      scroller.scrollTop -= 400
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      most = Math.max(most, scroller.querySelectorAll('[data-key]').length)
    }
    return most
  })()`)) as number
  return { paintMs, scrollMs: (await spentMs(page, 'ScriptDuration')) - before, rows }
}

/**
 * A conversation from the cache is on screen after less than 200 ms of work, and a history of 10,000 messages is as smooth
 * as one of 500: as few rows in the document, and as little script. The server is away, so that it does not correct the
 * cache.
 */
export async function scrollsALongHistory(page: Page, url: string, path: string): Promise<void> {
  const [short, long]: [Measured[], Measured[]] = [[], []]
  for (let turn = 0; turn < 3; turn += 1) {
    short.push(await measures(page, url, path, 500))
    long.push(await measures(page, url, path, 10_000))
  }
  await counts(page)
  const before = await spentMs(page, 'TaskDuration')
  await page.evaluates(calibration)
  const loopMs = (await spentMs(page, 'TaskDuration')) - before
  const least = (all: Measured[], name: keyof Measured) => Math.min(...all.map((one) => one[name]))
  const middle = (all: Measured[], name: keyof Measured) =>
    all.map((one) => one[name]).sort((a, b) => a - b)[1] ?? Number.NaN
  expect(loopMs).toBeGreaterThan(0)
  expect(least(short, 'paintMs')).toBeLessThan(loopMs * 5)
  expect(least(long, 'rows')).toBeLessThan(60)
  expect(middle(long, 'scrollMs')).toBeLessThan(middle(short, 'scrollMs') * 2)
  await page.call('Performance.disable')
}
