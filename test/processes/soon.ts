import { answer } from '../auth/verbs.ts'
import type { Person } from '../world/person.ts'

/** Whether this device is refused by what it asks when so much time has passed, or before; however late the answer is. */
export async function isOutWithin(person: Person, ms: number): Promise<boolean> {
  const since = performance.now()
  for (;;) {
    const asked = performance.now()
    if ((await answer(person)) === 'UNAUTHENTICATED') return true
    if (asked - since >= ms) return false
  }
}

/** Of several that were waited for, how long the one in the middle took: one pause of the machine does not move it. */
export const median = (times: number[]) =>
  [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
