import { expect, vi } from 'vitest'
import type { Page } from '../../browser/page.ts'
import type { Person } from '../../world/person.ts'

/** A recording that is cancelled sends nothing, and one that is stopped becomes a voice message. */
export async function sendsAVoiceMessage(
  page: Page,
  { url, alice, id }: { url: string; alice: Person; id: string },
): Promise<void> {
  await page.grants(url, 'audioCapture')
  const recordings = async () =>
    ((await alice.history(id)) ?? []).flatMap(({ content }) =>
      content?.__typename === 'AudioContent' ? [content] : [],
    )
  await page.clicks('[aria-label="Record a voice message"]')
  await page.clicks('.recording [aria-label=Cancel]')
  await page.lacks('.recording')
  await page.clicks('[aria-label="Record a voice message"]')
  await page.shows('.recording time', '0:01')
  await page.clicks('[aria-label="Stop and send"]')
  await page.finds('.bubble audio')
  await vi.waitFor(async () => expect(await recordings()).toHaveLength(1), 10_000)
}
