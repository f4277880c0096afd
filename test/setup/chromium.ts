import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The Chromium of this machine and its version; null if there is none that works. */
export async function findChromium(): Promise<{ program: string; version: string } | null> {
  for (const program of ['chromium', 'chromium-browser', 'google-chrome']) {
    const answer = await run(program, ['--version'], { timeout: 20_000 }).catch(() => null)
    const version = answer?.stdout.match(/[\d.]+/)?.[0]
    if (version) return { program, version }
  }
  return null
}
