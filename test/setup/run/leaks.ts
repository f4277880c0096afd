import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, vi } from 'vitest'
import { openTimers } from './open-timers.ts'

// Test files share a process. A file that leaves something behind fails, instead of a later file that it disturbs.

/** Closing is asynchronous: what is still open after this many checks, 20 ms apart, is a leak. */
const looks = 250

// Setup files run once for each test file, before it is imported.
const start = performance.now()
const before = snapshot()

beforeAll(() => checkLeaks)

async function checkLeaks(): Promise<void> {
  let left = leaks()
  for (let look = 0; left.length > 0 && look < looks; look += 1) {
    await pause(20)
    left = leaks()
  }
  if (left.length > 0)
    throw new Error(`This file leaves behind:\n${left.map((one) => `  ${one}`).join('\n')}`)
}

function leaks(): string[] {
  const now = snapshot()
  const added = [...now].filter(([key, count]) => count > (before.get(key) ?? 0))
  const missing = [...before.keys()].filter((key) => key.startsWith('setting ') && !now.has(key))
  return [
    ...added.map(([key]) => key),
    ...missing.map((key) => `${key}, gone`),
    ...openTimers(start),
    ...(vi.isFakeTimers() ? ['fake timers: vi.useRealTimers() is missing'] : []),
  ]
}

/** The resources of the process by kind, with counts. */
function snapshot(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of [...descriptors(), ...childProcesses(), ...listeners(), ...settings()])
    counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Sockets, pipes and files; elsewhere than on Linux only those that keep the process alive. */
function descriptors(): string[] {
  if (process.platform !== 'linux')
    return process.getActiveResourcesInfo().filter((name) => /Wrap$/.test(name))
  const targets = readdirSync('/proc/self/fd').map((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`)
    } catch {
      return ''
    }
  })
  return targets.filter((target) => /^(socket:|pipe:|\/(?!dev\/|proc\/))/.test(target))
}

function childProcesses(): string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [, command, state, parent] = statusOf(pid).match(/^\d+ \((.*)\) (\S) (\d+)/s) ?? []
      return Number(parent) === process.pid && state !== 'Z' ? [`child process ${pid} (${command})`] : []
    })
}

function statusOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

function listeners(): string[] {
  return process.eventNames().flatMap((name) =>
    process
      .listeners(name as NodeJS.Signals)
      // pino flushes at the end, once for all loggers of the process.
      .filter((listener) => listener.name !== 'onExit')
      .map(() => `listener of process on ${String(name)}`),
  )
}

function settings(): string[] {
  return Object.entries(process.env)
    .filter(([name]) => name !== 'VIPSHOME') // libvips sets it when it is loaded.
    .map(([name, value]) => `setting ${name}=${value}`)
    .concat(`setting of the working folder: ${process.cwd()}`)
}
