import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** What a process has used when it ends; an embedded database has processes of its own. */
interface Used {
  peakBytes: number
  cpuSeconds: number
}

export interface Ended extends Used {
  stdout: string
  seconds: number
}

// The greatest memory since the program was loaded. What getrusage reports begins with the memory of this process.
const probe = `
  import { readFileSync, writeSync } from 'node:fs'
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage()
    const [, peak] = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
    writeSync(3, JSON.stringify({ peakBytes: peak * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }))
  })`

/** Runs a command of the program to its end, and measures it. Linux only. */
export async function runCommand(
  program: string,
  args: string[],
  env: Record<string, string>,
): Promise<Ended> {
  const since = performance.now()
  const probed = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`, program, ...args]
  const child = spawn(process.execPath, probed, {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  const outputs = [child.stdout, child.stdio[3] as Readable].map((stream) => text(stream as Readable))
  const [[stdout = '', used = ''], [code]] = await Promise.all([Promise.all(outputs), once(child, 'exit')])
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}.`)
  return { stdout, seconds: (performance.now() - since) / 1000, ...(JSON.parse(used) as Used) }
}
