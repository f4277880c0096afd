import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readlink, realpath } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// An ended orphan keeps its pid until a parent reads its exit code; in a container there may be none.
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return true
  }
}

/** Whether a process is the PostgreSQL of `folder`, not another one that reused its pid. */
export async function isPostmasterOf(folder: string, pid: number): Promise<boolean> {
  if (process.platform === 'linux')
    return (await readlink(`/proc/${pid}/cwd`).catch(() => undefined)) === (await realpath(folder))
  const found = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => undefined)
  return found?.stdout.includes(folder) ?? false
}

/** Stops a postmaster with a fast shutdown, or an immediate one if that takes too long. */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (!isAlive(pid)) return
    process.kill(pid, signal)
    const deadline = Date.now() + patience
    while (isAlive(pid) && Date.now() < deadline) await pause(20)
  }
  if (isAlive(pid)) throw new Error(`The embedded PostgreSQL (process ${pid}) does not stop.`)
}
