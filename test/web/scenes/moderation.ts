import { expect } from 'vitest'
import type { Page } from '../../browser/page.ts'
import { reportsMessage, reportsOf } from '../../moderation/verbs.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { fills, isAccessible } from '../verbs.ts'

/** A moderator finds a report in the queue, and recalls its message. */
export async function moderates(
  page: Page,
  { molly, bob, message }: { molly: Person; bob: Person; message: { id: string } },
): Promise<void> {
  await reportsMessage(bob, message, 'SPAM', 'look at this')
  await page.clicks('.rail a', 'Reports')
  await page.shows('.card', 'look at this')
  await page.shows('blockquote', 'remember the tea')
  await isAccessible(page)
  await fills(page, '.card input', 'not in this house')
  await page.clicks('.card button', 'Recall message')
  await page.clicks('.card button', 'Really?')
  await page.shows('.sheet', 'No reports.')
  await eventually(async () => expect(await reportsOf(molly, message, 'OPEN')).toEqual([]))
  await page.clicks('.tabs button', 'Audit log')
  await page.shows('.card', 'Report resolved')
  await page.clicks('.tabs button', 'Resolved')
  await page.shows('.card', 'Message recalled')
}
