import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { blocks } from '../../contact/verbs.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { choosesFiles, fills, isAccessible } from '../verbs.ts'
import { settingsOf } from './reads.ts'

/** A new avatar, quiet hours that are set and cleared, a contact address, and a block that ends. */
export async function changesTheSettings(
  page: Page,
  { alice, eve, picture }: { alice: Person; eve: Person; picture: string },
): Promise<void> {
  await blocks(alice, eve)
  await page.clicks('.rail a', 'Settings')
  await choosesFiles(page, '.picker input[type=file]', picture)
  await page.finds('.picker img')
  await page.clicks('.item-row', 'Quiet hours')
  await page.finds('fieldset input[type=time]')
  await fills(page, 'input[type=email]', 'alice@example.com')
  await page.clicks('form:has(input[type=email]) button', 'Save')
  await page.clicks('.items button', 'Unblock')
  await page.shows('.card', 'You block no one.')
  await eventually(async () =>
    expect(await settingsOf(alice)).toMatchObject({
      email: 'alice@example.com',
      blockedUserCount: 0,
      user: { avatarUrl: expect.stringContaining('/') },
      notificationSettings: { quietFrom: '22:00', quietTo: '07:00', timeZone: expect.any(String) },
    }),
  )
  await isAccessible(page)
  // Otherwise the viewer would be notified at some times of the day only.
  await page.clicks('.item-row', 'Quiet hours')
  await eventually(async () =>
    expect(await settingsOf(alice)).toMatchObject({
      notificationSettings: { quietFrom: null, quietTo: null },
    }),
  )
}
