import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const neededBytes = 4 * 2 ** 30
const hour = 3_600_000

/**
 * Keeps the temporary folders of the tests in memory if the machine has room. A new database is some hundred files, which
 * cost ten times as much processor time on a disk. Returns what removes the folder; null if the tests use the disk.
 */
export function useMemoryFolder(): (() => void) | null {
  if (process.env.TMPDIR || !hasRoom()) return null
  removeAbandoned()
  const folder = mkdtempSync(join(memory, `parlance-${process.pid}-`))
  // PostgreSQL runs as another user if the tests run as root.
  chmodSync(folder, 0o755)
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    const options = readFileSync('/proc/mounts', 'utf8')
      .match(/^\S+ \/dev\/shm \S+ (\S+)/m)?.[1]
      ?.split(',')
    // Tests start programs of these folders.
    const runsPrograms = options !== undefined && !options.includes('noexec')
    return runsPrograms && Math.min(bavail * bsize, freemem()) >= neededBytes
  } catch {
    return false
  }
}

/** A killed run leaves its folder behind, and it would stay in memory. */
function removeAbandoned(): void {
  for (const name of readdirSync(memory)) {
    const pid = name.match(/^parlance-(\d+)-/)?.[1]
    const path = join(memory, name)
    if (pid && !isRunning(pid) && Date.now() - statSync(path).mtimeMs > hour)
      rmSync(path, { recursive: true, force: true })
  }
}

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0)
  } catch {
    return false
  }
}
