import { performance } from 'node:perf_hooks'

/** How long work behind everybody's back rests after each turn, so that sending and delivering go first. */
export interface DutyCycle {
  /** By how long the turn took, and by what this process had to do since the last; in milliseconds. */
  pauseMs(tookMs: number): number
}

const factors = { idle: 4, busy: 16 }
const busyFrom = 0.5

export function createDutyCycle(mostMs: number): DutyCycle {
  let lookedAt = performance.eventLoopUtilization()
  return {
    pauseMs(tookMs) {
      const { utilization } = performance.eventLoopUtilization(lookedAt)
      lookedAt = performance.eventLoopUtilization()
      return Math.min(tookMs * (utilization < busyFrom ? factors.idle : factors.busy), mostMs)
    },
  }
}
