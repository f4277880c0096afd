import { answer } from '../auth/verbs.ts'
import type { Person } from '../world/person.ts'
import { activeTime } from '../world/stopwatch.ts'

/** Whether requests of this device are refused after the given time or earlier, however late the answer arrives. */
export async function isOutWithin(person: Person, ms: number): Promise<boolean> {
  const lived = activeTime()
  for (;;) {
    const askedMs = lived()
    if ((await answer(person)) === 'UNAUTHENTICATED') return true
    if (askedMs >= ms) return false
  }
}

/** The median duration of several waits, which one pause of the machine does not change. */
export const median = (times: number[]) =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
