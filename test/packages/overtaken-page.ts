import { expect, vi } from 'vitest'
import type { Page } from '../browser/page.ts'

const patience = { timeout: 30_000, interval: 100 }

export interface Held {
  /** Waits until an answer is held. */
  waits(name: string): Promise<void>
  /** Lets the page have the answers. */
  release(): Promise<unknown>
}

/** Holds answers that contain a text, as a slow network does, from now on until they are released. */
export async function holdAnswers(page: Page, text: string): Promise<Held> {
  await page.evaluates(`{
    const send = window.fetch
    const released = new Promise((resolve) => { window.release = resolve })
    window.held = 0
    window.fetch = async (...given) => {
      const response = await send(...given)
      const answer = await response.text()
      if (answer.includes(${JSON.stringify(text)})) {
        window.held += 1
        await released
      }
      return new Response(answer, response)
    }
  }`)
  return {
    waits: (name) =>
      vi.waitFor(async () => expect(await page.evaluates('held'), name).toBeGreaterThan(0), patience),
    release: () => page.evaluates('release()'),
  }
}
