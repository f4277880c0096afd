import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import type { MailServer } from '../../notification/servers/mail.ts'
import { eventually } from '../../world/eventually.ts'
import { fills, isAccessible } from '../verbs.ts'

/** A hidden chat leaves the list, and comes back from the list of hidden ones. */
export async function hidesAChat(page: Page, name: string): Promise<void> {
  await page.clicks('.rows .title', name)
  await page.shows('.header h2', name)
  await page.clicks('[aria-label="Chat menu"]')
  await page.clicks('.choice', 'Hide')
  await eventually(async () =>
    expect(await page.evaluates("document.querySelector('.rows').innerText")).not.toContain(name),
  )
  await page.clicks('.kinds button', 'Hidden')
  await page.shows('.hidden-chats', name)
  await isAccessible(page)
  await page.clicks('.hidden-chats button', 'Show again')
  await page.shows('.header h2', name)
  await page.shows('.rows', name)
}

/** The code of a mail verifies the address; another code does not. */
export async function verifiesAnAddress(page: Page, mail: MailServer, address: string): Promise<void> {
  await page.clicks('.rail a', 'Settings')
  // Lists that load move what is below them.
  await page.shows('.items', 'This device')
  await page.clicks('form:has(input[type=email]) button', 'Send code')
  await page.finds('input[autocomplete=one-time-code]')
  const [{ text } = { text: '' }] = await mail.gets(address)
  const code = text.match(/\b\d{6}\b/)?.[0] ?? ''
  await fills(page, 'input[autocomplete=one-time-code]', code === '000000' ? '111111' : '000000')
  await page.clicks('form:has(input[type=email]) button', 'Verify')
  await page.finds('form:has(input[type=email]) [role=alert]')
  await page.evaluates("document.querySelector('input[autocomplete=one-time-code]').select()")
  await page.call('Input.insertText', { text: code })
  await page.clicks('form:has(input[type=email]) button', 'Verify')
  await page.shows('form:has(input[type=email]) span', 'Verified')
  await page.lacks('input[autocomplete=one-time-code]')
}

/** Deleting the account asks for the password and for a second click, and signs out. */
export async function deletesTheAccount(page: Page, password: string): Promise<void> {
  await page.clicks('.rail a', 'Settings')
  await page.shows('.items', 'This device')
  await page.clicks('summary', 'Delete account')
  await fills(page, 'details input[type=password]', 'not the password')
  await page.clicks('details button', 'Delete my account')
  await page.clicks('details button', 'Really?')
  await page.finds('details [role=alert]')
  await isAccessible(page)
  await page.evaluates("document.querySelector('details input[type=password]').select()")
  await page.call('Input.insertText', { text: password })
  await page.clicks('details button', 'Delete my account')
  await page.clicks('details button', 'Really?')
  await page.shows('h1', 'Welcome')
  expect(await page.evaluates('localStorage.getItem("parlance.session")')).toBeNull()
}
