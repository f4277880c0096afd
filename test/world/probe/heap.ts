import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openTimers } from '../../setup/run/open-timers.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const samples = 4

/** Bytes that this process holds: the least of several samples, since finalizers free memory after a collection. */
export async function heldBytes(): Promise<number> {
  // The watch of timers holds those that have fired until it looks.
  openTimers(performance.now())
  const held: number[] = []
  for (let sample = 0; sample < samples; sample += 1) {
    collectGarbage()
    await new Promise(setImmediate)
    const { heapUsed, external } = process.memoryUsage()
    held.push(heapUsed + external)
  }
  return Math.min(...held)
}
