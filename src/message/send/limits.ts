import type { Logger } from 'pino'
import type { Limits } from '../../config.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createDuplicateText, type DuplicateText } from './duplicate-text.ts'
import { createSendPace, type SendPace } from './pace.ts'

/** Rate and duplicate-text limits of sends. Both are in memory, so that a send pays almost nothing. */
export type SendLimits = SendPace & DuplicateText

export function createSendLimits(parts: {
  limits: Limits
  bus: Bus
  log: Logger
  metrics: Metrics
}): SendLimits {
  return { ...createSendPace(parts), ...createDuplicateText(parts) }
}
