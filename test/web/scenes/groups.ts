import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { chooses, isAccessible, presses } from '../verbs.ts'
import { policiesOf } from './reads.ts'

/** The owner changes who may join and write, and how often. */
export async function changesThePolicies(page: Page, alice: Person, id: string): Promise<void> {
  await page.clicks('[aria-label="Group details"]')
  await page.clicks('dialog .tabs button', 'Settings')
  await chooses(page, 'Who may join', 'With approval')
  await chooses(page, 'New members see', 'All messages')
  await chooses(page, 'Who may write', 'Admins')
  await chooses(page, 'Who may mention everyone', 'Admins')
  await chooses(page, 'Pause between two messages', '1 min')
  await page.clicks('dialog label:has(input:enabled)', 'Mute all members')
  await eventually(async () =>
    expect(await policiesOf(alice, id)).toEqual({
      joinPolicy: 'APPROVAL',
      historyVisibility: 'ALL',
      postingPolicy: 'ADMINS',
      mentionAllPolicy: 'ADMINS',
      slowModeSeconds: 60,
      mutedAll: true,
    }),
  )
  await isAccessible(page)
}

/** An invite brings another user into the group, and a revoked one brings no one. */
export async function invites(page: Page, guest: Page, group: string): Promise<void> {
  await page.clicks('dialog .tabs button', 'Invites')
  await chooses(page, 'Expires', '1 day')
  await chooses(page, 'Number of uses', '10')
  await page.clicks('dialog button', 'New invite link')
  await page.shows('dialog output', '/join/')
  const link = (await page.evaluates("document.querySelector('dialog output bdi').textContent")) as string
  await page.shows('dialog .items', 'Used 0 of 10 times')
  await isAccessible(page)

  await guest.call('Page.navigate', { url: link })
  await guest.shows('.card', group)
  await guest.shows('.card', '2 members')
  await isAccessible(guest)
  await guest.clicks('.card button', 'Join')
  await guest.shows('.header h2', group)

  await page.clicks('dialog button', 'Revoke')
  await page.clicks('dialog button', 'Really?')
  await page.shows('dialog', 'No active invites.')
  await presses(page, 'Escape')
  await page.lacks('dialog')
  await guest.call('Page.navigate', { url: link })
  await guest.shows('.card', 'This invite is not valid any more.')
}
