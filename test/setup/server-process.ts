import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { generousLimits } from './generous-limits.ts'

const root = join(import.meta.dirname, '../..')

/** A server in a process of its own. */
export interface ServerProcess {
  child: ChildProcess
  /** The process that a signal or a kill must meet. */
  pid: number
  /** Everything printed so far. */
  output(): string
  /** Waits until it serves, and says where. Fails with what it printed when it ends first. */
  ready(): Promise<string>
  /** Waits until it has ended, and says how. */
  exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export function spawnServer(env: Record<string, string>): ServerProcess {
  return spawnProgram([process.execPath, inject('serverProgram')], env, root)
}

/** The same from its TypeScript, in this project or in a copy of it. */
export function spawnFromSource(env: Record<string, string>, project = root): ServerProcess {
  return spawnProgram([process.execPath, 'scripts/run.mjs', 'src/main.ts'], env, project)
}

/** The same by way of npm; signals then meet npm. */
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
    // Nothing of the run's own settings may reach it.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...generousLimits,
      ...env,
    },
    // As a terminal does it: a signal to the group reaches the server and whatever it has not set apart.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const ready = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      text += chunk
      const url = text.match(/HTTP +(http:\S+)\/graphql/)?.[1]
      if (url) resolve(url)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('close', (code) => reject(new Error(`The server ended (${code}) before it served:\n${text}`)))
  })
  ready.catch(() => {})
  return { child, pid: child.pid ?? 0, output: () => text, ready: () => ready, exited: () => exit }
}

/** A folder for one test, which removes it when it has finished. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parlance-folder-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}
