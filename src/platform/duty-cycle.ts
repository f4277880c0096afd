import { performance } from 'node:perf_hooks'

/** Pauses of a background worker, so that requests and delivery go first. */
export interface DutyCycle {
  /** The pause after a batch that took `tookMs`: longer while the event loop is busy. */
  pauseMs(tookMs: number): number
}

const factors = { idle: 4, busy: 16 }
const busyFrom = 0.5

export function createDutyCycle(maxMs: number): DutyCycle {
  let measuredAt = performance.eventLoopUtilization()
  return {
    pauseMs(tookMs) {
      const { utilization } = performance.eventLoopUtilization(measuredAt)
      measuredAt = performance.eventLoopUtilization()
      return Math.min(tookMs * (utilization < busyFrom ? factors.idle : factors.busy), maxMs)
    },
  }
}
