import { readdirSync, readFileSync } from 'node:fs'

const tickMicros = 10_000

/**
 * CPU time of a process and its children, including ended ones, in microseconds; null without
 * /proc.
 */
export function processorTimeOfFamily(pid: number | null): number | null {
  if (pid === null || process.platform !== 'linux') return null
  let ticks = 0
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const fields = statOf(entry)
    // After the name: state, parent …; fields 14 to 17 of the line are the times.
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number)
    if (entry === String(pid)) ticks += sum(user, system, childUser, childSystem)
    else if (fields[1] === String(pid)) ticks += sum(user, system)
  }
  return ticks * tickMicros
}

function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

const sum = (...ticks: (number | undefined)[]) =>
  ticks.reduce<number>((total, each) => total + (each ?? 0), 0)
