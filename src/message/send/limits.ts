import type { Logger } from 'pino'
import type { Limits } from '../../config.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createDuplicateText, type DuplicateText } from './duplicate-text.ts'
import { createSendPace, type SendPace } from './pace.ts'

/** How fast and how alike people may send. It asks nobody, so it costs a send next to nothing. */
export type SendLimits = SendPace & DuplicateText

export function createSendLimits(parts: {
  limits: Limits
  bus: Bus
  log: Logger
  metrics: Metrics
}): SendLimits {
  return { ...createSendPace(parts), ...createDuplicateText(parts) }
}
