import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { fitsTheWindow } from '../verbs.ts'

const edges = (selector: string) => `(() => {
  const { left, right } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
  return [left, innerWidth - right]
})()`

const longPreviews = `for (const text of document.querySelectorAll('.rows .preview bdi'))
  text.textContent = 'a message of many words '.repeat(20)`

const timesAfterTheirRow = `[...document.querySelectorAll('.rows time')].filter((time) =>
  time.getBoundingClientRect().right > time.closest('a').getBoundingClientRect().right - 12)
  .map((time) => time.closest('a').textContent)`

/** From right to left, and on a phone: everything is in the window, and where it belongs. */
export async function fitsEveryWindow(page: Page): Promise<void> {
  await page.evaluates("document.documentElement.dir = 'rtl'")
  await fitsTheWindow(page)
  expect(await page.evaluates(edges('.rail'))).toEqual([expect.any(Number), 0])
  const [left, right] = (await page.evaluates(edges('.row.own .bubble'))) as [number, number]
  expect(left).toBeLessThan(right)

  const phone = { width: 390, height: 780, deviceScaleFactor: 1, mobile: true }
  await page.call('Emulation.setDeviceMetricsOverride', phone)
  await fitsTheWindow(page)
  await page.evaluates("document.documentElement.dir = 'ltr'")
  await fitsTheWindow(page)
  await page.clicks('.header .who')
  await page.finds('dialog[open]')
  await fitsTheWindow(page)
  await page.clicks('dialog [aria-label=Close]')
  await page.clicks('.header [aria-label=Back]')
  await page.shows('h1', 'Chats')
  await fitsTheWindow(page)
  await page.evaluates(longPreviews)
  expect(await page.evaluates(timesAfterTheirRow), 'a long preview moves the time out of its row').toEqual([])
  await page.clicks('.rail a', 'Settings')
  await page.shows('.items', 'This device')
  await fitsTheWindow(page)
  await page.call('Emulation.clearDeviceMetricsOverride')
}
