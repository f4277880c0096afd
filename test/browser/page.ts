import { expect, vi } from 'vitest'
import type { Said, Wire } from './wire.ts'

export interface Page {
  /** Every URL that the page requested. */
  readonly asked: readonly string[]
  /** Errors in the page. */
  readonly faults: readonly string[]
  /** Bytes that the page received: compressed, with the headers of the responses. */
  received(): number
  /** Waits for an element with a text, and clicks its centre. */
  clicks(selector: string, text?: string): Promise<void>
  /** Waits for an element. */
  finds(selector: string): Promise<void>
  /** Waits until there is no such element. */
  lacks(selector: string): Promise<void>
  /** Grants permissions to pages of an origin, as the user does. */
  grants(origin: string, ...permissions: string[]): Promise<void>
  /** Waits for an event of the DevTools protocol. */
  waitsFor<Params>(method: string, matches: (params: Params) => boolean): Promise<Params>
  /** Replaces the content of the focused editor. */
  writes(text: string): Promise<void>
  /** Waits until an element contains a text. */
  shows(selector: string, text: string): Promise<void>
  /** The value of an expression in the page, or that of its promise. */
  evaluates(expression: string): Promise<unknown>
  /** The value of an expression in the page's service worker, or that of its promise. */
  evaluatesInWorker(expression: string): Promise<unknown>
  /** Sends a command of the DevTools protocol. */
  call(method: string, params?: object): Promise<Record<string, unknown>>
}

const patience = { timeout: 30_000, interval: 100 }

export async function openPage(wire: Wire, url: string, place: object = {}): Promise<Page> {
  const { targetId } = await wire.call('Target.createTarget', { url: 'about:blank', ...place })
  const { sessionId } = await wire.call('Target.attachToTarget', { targetId, flatten: true })
  const call = (method: string, params?: object) => wire.call(method, params, sessionId as string)
  const asked: string[] = []
  const faults: string[] = []
  let received = 0
  wire.listen((said) => {
    if (said.sessionId !== sessionId) return
    note(said, asked, faults)
    if (said.method === 'Network.loadingFinished') received += Number(said.params.encodedDataLength)
  })
  for (const domain of ['Network', 'Runtime', 'Log', 'Page']) await call(`${domain}.enable`)
  await call('Page.navigate', { url })

  const evaluate = (expression: string) => evaluateIn(wire, sessionId as string, expression)

  /** Repeats a check until it succeeds. The failure says what the page showed and which errors it had. */
  const eventually = (check: () => Promise<void>) =>
    vi.waitFor(check, patience).catch(async (error: Error) => {
      const text = await evaluate('document.body.innerText').catch(() => 'no answer')
      throw new Error(`${error.message}\nThe page shows: ${text}\nErrors: ${faults.join('\n')}`, {
        cause: error,
      })
    })

  async function press(key: string, modifiers: number): Promise<void> {
    const event = {
      key,
      code: `Key${key.toUpperCase()}`,
      windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0),
      modifiers,
    }
    await call('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
    await call('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }

  return {
    asked,
    faults,
    received: () => received,
    call,
    evaluates: evaluate,
    async evaluatesInWorker(expression) {
      const workerId = await workerOf(wire, targetId as string)
      const attached = await wire.call('Target.attachToTarget', { targetId: workerId, flatten: true })
      return evaluateIn(wire, attached.sessionId as string, expression)
    },
    clicks: (selector, text = '') =>
      eventually(async () => {
        const at = (await evaluate(aimAt(selector, text))) as { x: number; y: number } | null
        expect(at, `${selector} ${text}`).toBeTruthy()
        const button = { ...at, button: 'left', clickCount: 1 }
        for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased'])
          await call('Input.dispatchMouseEvent', { type, ...button })
        // A page that the click has left has no answer, and an element that it has removed no click.
        const hit = await evaluate('aim.hit || !aim.element.isConnected').catch(() => true)
        expect(hit, `a click on ${selector} ${text}`).not.toBe(false)
      }),
    async finds(selector) {
      const isThere = `document.querySelector(${JSON.stringify(selector)}) !== null`
      await eventually(async () => expect(await evaluate(isThere), selector).toBe(true))
    },
    async lacks(selector) {
      const isGone = `document.querySelector(${JSON.stringify(selector)}) === null`
      await eventually(async () => expect(await evaluate(isGone), selector).toBe(true))
    },
    async grants(origin, ...permissions) {
      await wire.call('Browser.grantPermissions', { ...place, origin, permissions })
    },
    waitsFor: <Params>(method: string, matches: (params: Params) => boolean) =>
      new Promise<Params>((resolve) =>
        wire.listen((said) => {
          if (said.sessionId !== sessionId || said.method !== method) return
          if (matches(said.params as Params)) resolve(said.params as Params)
        }),
      ),
    async writes(text) {
      await press('a', 2)
      await call('Input.insertText', { text })
    },
    async shows(selector, text) {
      await eventually(async () => expect(await evaluate(textOf(selector))).toContain(text))
    },
  }
}

async function evaluateIn(wire: Wire, sessionId: string, expression: string): Promise<unknown> {
  const options = { expression, returnByValue: true, awaitPromise: true }
  const { result } = await wire.call('Runtime.evaluate', options, sessionId)
  return (result as { value?: unknown }).value
}

interface Target {
  targetId: string
  type: string
  url: string
  browserContextId?: string
}

/** Other users' pages of the same server have workers of their own. */
async function workerOf(wire: Wire, pageId: string): Promise<string> {
  const { targetInfos } = (await wire.call('Target.getTargets')) as { targetInfos: Target[] }
  const page = targetInfos.find(({ targetId }) => targetId === pageId)
  const worker = targetInfos.find(
    ({ type, url, browserContextId }) =>
      type === 'service_worker' &&
      browserContextId === page?.browserContextId &&
      new URL(url).origin === new URL(page?.url ?? '').origin,
  )
  if (!worker) throw new Error(`No service worker of ${page?.url} is running.`)
  return worker.targetId
}

function note({ method, params }: Said, asked: string[], faults: string[]): void {
  const { request, url, exceptionDetails, entry } = params as {
    request?: { url: string }
    url?: string
    exceptionDetails?: { text: string; exception?: { description?: string } }
    entry?: { level: string; text: string }
  }
  if (method === 'Network.requestWillBeSent') asked.push((request?.url ?? '').slice(0, 200))
  if (method === 'Network.webSocketCreated') asked.push(url ?? '')
  if (method === 'Runtime.exceptionThrown')
    faults.push(exceptionDetails?.exception?.description ?? exceptionDetails?.text ?? '')
  if (method === 'Log.entryAdded' && entry?.level === 'error') faults.push(entry.text)
}

/** The centre of an element, which may move before the click arrives: the page notes whether it was hit. */
const aimAt = (selector: string, text: string) => `(() => {
  const found = [...document.querySelectorAll(${JSON.stringify(selector)})]
    .find((element) => element.textContent.includes(${JSON.stringify(text)}))
  found?.scrollIntoView({ block: 'nearest' })
  const box = found?.getBoundingClientRect()
  const note = (event) => { aim.hit ||= event.type === aim.type && event.composedPath().includes(aim.element) }
  if (!window.aim) for (const type of ['pointerdown', 'click']) window.addEventListener(type, note, true)
  // A menu opens when its button is pressed, and takes the click. Other elements may move between press and click.
  window.aim = { element: found, hit: false, type: found?.ariaHasPopup ? 'pointerdown' : 'click' }
  return box && box.width > 0 ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null
})()`

// The editor renders no-break spaces.
const textOf = (selector: string) =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => element.innerText).join('\\n').replaceAll('\\u00a0', ' ')`
