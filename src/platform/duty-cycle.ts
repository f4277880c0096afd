import { performance } from 'node:perf_hooks'

/** How long work behind everybody's back rests after each turn, so that sending and delivering go first. */
export interface Rest {
  /** By how long the turn took, and by what this process had to do since the last; in milliseconds. */
  after(tookMs: number): number
}

const factors = { idle: 4, busy: 16 }
const busyFrom = 0.5

export function createRest(mostMs: number): Rest {
  let lookedAt = performance.eventLoopUtilization()
  return {
    after(tookMs) {
      const { utilization } = performance.eventLoopUtilization(lookedAt)
      lookedAt = performance.eventLoopUtilization()
      return Math.min(tookMs * (utilization < busyFrom ? factors.idle : factors.busy), mostMs)
    },
  }
}
