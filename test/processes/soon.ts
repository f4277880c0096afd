import { answer } from '../auth/verbs.ts'
import type { Person } from '../world/person.ts'

/** Whether requests of this device are refused after the given time or earlier, however late the answer arrives. */
export async function isOutWithin(person: Person, ms: number): Promise<boolean> {
  const since = performance.now()
  for (;;) {
    const asked = performance.now()
    if ((await answer(person)) === 'UNAUTHENTICATED') return true
    if (asked - since >= ms) return false
  }
}

/** The median duration of several waits, which one pause of the machine does not change. */
export const median = (times: number[]) =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
