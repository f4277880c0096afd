import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, vi } from 'vitest'
import type { Page } from '../browser/page.ts'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export async function fills(page: Page, field: string, text: string): Promise<void> {
  await page.clicks(field)
  await page.call('Input.insertText', { text })
}

export async function presses(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
  const event = {
    key,
    code: key,
    windowsVirtualKeyCode: key === 'Enter' ? 13 : 27,
    text: key === 'Enter' ? '\r' : '',
  }
  await page.call('Input.dispatchKeyEvent', { type: 'keyDown', ...event })
  await page.call('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
}

export async function writes(page: Page, text: string): Promise<void> {
  await fills(page, 'textarea', text)
  await presses(page, 'Enter')
}

export async function registers(page: Page, handle: string, name: string, password: string): Promise<void> {
  await page.clicks('button.link', 'Create account')
  await fills(page, 'input[name=username]', handle)
  await fills(page, 'input[name=name]', name)
  await fills(page, 'input[name=password]', password)
  await page.clicks('button.primary', 'Create account')
  await page.shows('h1', 'Chats')
}

export async function signsIn(page: Page, handle: string, password: string): Promise<void> {
  await fills(page, 'input[name=username]', handle)
  await fills(page, 'input[name=password]', password)
  await page.clicks('button.primary', 'Sign in')
  await page.shows('h1', 'Chats')
}

/** Chooses an option of a labelled list, as soon as it may be changed. */
export async function chooses(page: Page, label: string, option: string): Promise<void> {
  const [wanted, name] = [JSON.stringify(label), JSON.stringify(option)]
  const choose = `(() => {
    const row = [...document.querySelectorAll('label')].find((one) => one.firstChild.textContent === ${wanted})
    const list = row?.querySelector('select:enabled')
    const option = [...(list?.options ?? [])].find((one) => one.textContent === ${name})
    if (!option) return false
    list.value = option.value
    return list.dispatchEvent(new Event('change', { bubbles: true }))
  })()`
  await vi.waitFor(async () => expect(await page.evaluates(choose), `${label}: ${option}`).toBe(true), 10_000)
}

/** Chooses files in a field, as the viewer does in the dialog of the browser. */
export async function choosesFiles(page: Page, field: string, ...files: string[]): Promise<void> {
  await page.finds(field)
  const { result } = (await page.call('Runtime.evaluate', {
    expression: `document.querySelector(${JSON.stringify(field)})`,
  })) as { result: { objectId: string } }
  await page.call('DOM.setFileInputFiles', { files, objectId: result.objectId })
}

/** Axe finds no fault in the page as it is. */
export async function isAccessible(page: Page): Promise<void> {
  await page.evaluates(axe)
  const violations = await page.evaluates(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))',
  )
  expect(violations).toEqual([])
}

/** Nothing is wider than the window. */
export async function fitsTheWindow(page: Page): Promise<void> {
  const wide = await page.evaluates(`[...document.querySelectorAll('body *')].flatMap((element) => {
    const { left, right, width } = element.getBoundingClientRect()
    const isHidden = element.closest('.hidden, [hidden]') || width === 0
    return !isHidden && (left < -1 || right > innerWidth + 1) ? [element.outerHTML.slice(0, 120)] : []
  })`)
  expect(wide).toEqual([])
}
