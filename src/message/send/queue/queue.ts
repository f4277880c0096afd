import { refuse } from '../../../errors.ts'
import { deadlinePassed } from '../../../platform/db/transaction/commit-in-time.ts'
import type { Metrics } from '../../../platform/metrics.ts'
import { Deadline } from '../../../platform/time/deadline.ts'
import type { Tracing } from '../../../platform/tracing/tracing.ts'
import type { MessageRow } from '../../store.ts'
import type { Outcome, SendRequest } from '../request.ts'
import { BatchTiming } from './batch-timing.ts'
import { type Batch, type Queued, WaitingSends } from './waiting.ts'
import { isDataError, mayRetry, type WriteParts, writeOnConnection } from './write.ts'

/** Group commit: sends that arrive while a batch is written form the next batch. */
export interface SendQueue {
  /**
   * Resolves once the message is durable. Sends to one conversation are stored in the order of the calls, and none is
   * stored after its deadline.
   */
  send(request: SendRequest, deadline?: Deadline | null): Promise<MessageRow>
  /** Writes what is queued and refuses further sends. */
  close(): Promise<void>
}

const queuedMax = 10_000
const writersMax = { skip: 2, wait: 4 }

export function createSendQueue(
  parts: WriteParts & { metrics: Metrics; tracing: Tracing | null },
): SendQueue {
  const { config, metrics, tracing } = parts
  const waiting = new WaitingSends()
  const timing = new BatchTiming()
  const writers = { skip: 0, wait: 0 }
  let queuedCount = 0
  let scheduled = false
  let recheck: NodeJS.Timeout | undefined
  let closed = false
  let onIdle: (() => void) | null = null

  function schedule() {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      startBatches()
    })
  }

  function startBatches() {
    while (writers.skip < writersMax.skip && isTimeToBegin()) begin('skip', waiting.takeMany())
    while (writers.wait < writersMax.wait) {
      const batch = waiting.takeLocked()
      if (batch.sends.length === 0) break
      begin('wait', batch)
    }
    if (queuedCount === 0 && writers.skip + writers.wait === 0) onIdle?.()
  }

  function isTimeToBegin(): boolean {
    const waitMs = timing.waitMs({
      ready: (limit) => waiting.ready(limit),
      isBeside: writers.skip > 0,
      now: performance.now(),
    })
    if (waitMs === 0) return true
    clearTimeout(recheck)
    if (waitMs !== null) recheck = setTimeout(schedule, waitMs)
    return false
  }

  function begin(mode: keyof typeof writers, batch: Batch): void {
    writers[mode] += 1
    if (mode === 'skip')
      timing.began(
        batch.sends.map(({ request }) => request.conversationId),
        performance.now(),
      )
    void run(batch).finally(() => {
      writers[mode] -= 1
      if (mode === 'skip') timing.ended(performance.now())
      schedule()
    })
  }

  async function run(batch: Batch): Promise<void> {
    await write(batch.sends, batch.wait)
    waiting.release(batch)
  }

  function isInTime(send: Queued): boolean {
    if (send.deadline.leftMs > 0) return true
    finish(send, deadlinePassed())
    return false
  }

  async function write(all: Queued[], wait: boolean): Promise<void> {
    const sends = all.filter(isInTime)
    if (sends.length === 0) return
    try {
      const writing = () =>
        writeOnConnection(parts, {
          requests: sends.map(({ request }) => request),
          wait,
          leftMs: () => Math.min(...sends.map(({ deadline }) => deadline.leftMs)),
        })
      const outcomes = await (tracing?.batch('store batch', sends.map(partOf), writing) ?? writing())
      const skipped: Queued[] = []
      for (const send of sends) {
        const outcome = outcomes.get(send.request) ?? 'LOCKED'
        if (outcome === 'LOCKED') skipped.push(send)
        else finish(send, outcome)
      }
      waiting.putBack(skipped)
      metrics.stored(sends.filter(({ request }) => isStored(outcomes.get(request))).length)
    } catch (error) {
      if (mayRetry(error)) return write(sends, wait)
      // A send that the database rejects must not fail the others.
      if (sends.length > 1 && isDataError(error)) for (const send of sends) await write([send], true)
      else for (const send of sends) finish(send, error as Error)
    }
  }

  function finish(send: Queued, outcome: MessageRow | Error): void {
    queuedCount -= 1
    if (outcome instanceof Error) send.reject(outcome)
    else send.resolve(outcome)
  }

  return {
    send(request, deadline) {
      if (closed || queuedCount >= queuedMax)
        return Promise.reject(refuse('UNAVAILABLE', 'The server accepts no more messages now.'))
      return new Promise((resolve, reject) => {
        const due = deadline ?? new Deadline(config.limits.requestDeadlineMs)
        waiting.add({ request, deadline: due, span: tracing?.current() ?? null, resolve, reject })
        queuedCount += 1
        schedule()
      })
    },
    async close() {
      closed = true
      if (queuedCount === 0 && writers.skip + writers.wait === 0) return
      await new Promise<void>((resolve) => {
        onIdle = resolve
        schedule()
      })
    },
  }
}

const partOf = ({ request, span }: Queued) => ({ subjectId: request.conversationId, span })

const isStored = (outcome: Outcome | undefined) => outcome instanceof Object && 'seq' in outcome
