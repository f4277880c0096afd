import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openPage, type Page } from './page.ts'
import { connect } from './wire.ts'

// No name resolves: the page must get everything from its own server.
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--no-first-run',
  '--remote-debugging-port=0',
  '--window-size=1400,1000',
  // A microphone that beeps, for pages that may use it.
  '--use-fake-device-for-media-stream',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

export interface Browser {
  /** Opens a page without waiting for it to load. */
  open(url: string): Promise<Page>
  /** Opens a page with a storage of its own, as another user's browser has. */
  openApart(url: string): Promise<Page>
  close(): Promise<void>
}

export async function openBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'parlance-browser-'))
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const wire = await connect(await addressOf(child))
  return {
    open: (url) => openPage(wire, url),
    async openApart(url) {
      const { browserContextId } = await wire.call('Target.createBrowserContext')
      return openPage(wire, url, { browserContextId })
    },
    async close() {
      const gone = once(child, 'exit')
      wire.close()
      // The whole process group.
      process.kill(-(child.pid as number), 'SIGKILL')
      await gone
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('The browser has no stderr.')
  for await (const line of createInterface({ input: stderr })) {
    const address = line.match(/listening on (ws:\S+)/)?.[1]
    if (!address) continue
    stderr.resume()
    return address
  }
  throw new Error('The browser did not start.')
}
