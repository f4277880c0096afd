import { expect, vi } from 'vitest'
import type { Page } from '../browser/page.ts'

const patience = { timeout: 30_000, interval: 100 }

export interface Held {
  /** Waits until something is held. */
  waits(name: string): Promise<void>
  /** Lets it go on. */
  release(): Promise<unknown>
}

/**
 * Lets `hold` hold what a page sends and receives, frames in their order, and `slow.receive` in the page give it a frame.
 * Before the page is navigated to the application, which may keep the `WebSocket` that it finds.
 */
export const slowDown = (page: Page) =>
  page.call('Page.addScriptToEvaluateOnNewDocument', {
    source: `{
      const slow = window.slow = {}
      const pass = (kind, text) => {
        const held = slow[kind]
        if (!held || !text.includes(held.text)) return
        held.count += 1
        return held.released
      }
      const send = window.fetch
      window.fetch = async (input, init) => {
        await pass('requests', String(init?.body))
        const response = await send(input, init)
        const answer = await response.text()
        await pass('answers', answer)
        return new Response(answer, response)
      }
      window.WebSocket = class extends WebSocket {
        set onmessage(listener) {
          let before = Promise.resolve()
          slow.receive = (frame) => listener({ data: JSON.stringify(frame) })
          super.onmessage = (event) => {
            before = before.then(() => pass('frames', event.data)).then(() => listener(event))
          }
        }
      }
    }`,
  })

/** Holds what contains a text, as a slow network does, from now on until it is released. */
export async function hold(page: Page, kind: 'requests' | 'answers' | 'frames', text: string): Promise<Held> {
  await page.evaluates(`{
    const held = slow.${kind} = { text: ${JSON.stringify(text)}, count: 0 }
    // Without a value: the page would be waited for.
    void (held.released = new Promise((resolve) => { held.release = resolve }))
  }`)
  return {
    waits: (name) =>
      vi.waitFor(
        async () => expect(await page.evaluates(`slow.${kind}.count`), name).toBeGreaterThan(0),
        patience,
      ),
    release: () => page.evaluates(`{ slow.${kind}.release(); delete slow.${kind} }`),
  }
}
