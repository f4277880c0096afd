import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { withoutFfmpeg } from './ffmpeg.ts'
import { generousLimits } from './generous-limits.ts'

const root = join(import.meta.dirname, '../..')

/** A server in its own process. */
export interface ServerProcess {
  child: ChildProcess
  /** The process to signal or kill. */
  pid: number
  /** Everything printed so far. */
  output(): string
  /** Waits until it serves; returns its URL. Rejects with its output if it exits first. */
  ready(): Promise<string>
  /** Waits until it has exited; returns how. */
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export function spawnServer(env: Record<string, string>): ServerProcess {
  return spawnProgram([process.execPath, inject('serverProgram')], env, root)
}

/** A server from its TypeScript source, in this project or in a copy of it. */
export function spawnFromSource(env: Record<string, string>, project = root): ServerProcess {
  return spawnProgram([process.execPath, 'scripts/run.mjs', 'src/main.ts'], env, project)
}

/** A server started by npm, which then receives the signals. */
export function spawnNpmStart(env: Record<string, string>): ServerProcess {
  return spawnProgram(['npm', 'start'], env, root)
}

function spawnProgram(
  [command = '', ...args]: string[],
  env: Record<string, string>,
  cwd: string,
): ServerProcess {
  const child = spawn(command, args, {
    cwd,
    // It must not inherit the settings of the test run.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...generousLimits,
      ...withoutFfmpeg,
      ...env,
    },
    // Like a terminal: a signal to the group reaches the server and its children in the group.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const ready = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      text += chunk
      const url = text.match(/"http":"(http:[^"]+)\/graphql"/)?.[1]
      if (url) resolve(url)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('close', (code) => reject(new Error(`The server ended (${code}) before it served:\n${text}`)))
  })
  ready.catch(() => {})
  return { child, pid: child.pid ?? 0, output: () => text, ready: () => ready, exited: () => exit }
}

/** A folder that is removed when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parlance-folder-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}
