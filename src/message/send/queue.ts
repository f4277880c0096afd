import type pg from 'pg'
import type { Config } from '../../config.ts'
import { KeyRace } from '../../conversation/append.ts'
import { Refusal, refuse } from '../../errors.ts'
import type { AppHooks } from '../../hooks.ts'
import { onLiveConnection } from '../../platform/db/transaction/begin.ts'
import { deadlinePassed } from '../../platform/db/transaction/commit-in-time.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import type { MessageRow } from '../store.ts'
import { DeadlinePassed, writeBatch } from './batch.ts'
import type { Outcome, SendRequest } from './request.ts'

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

interface Queued {
  request: SendRequest
  deadline: Deadline
  resolve: (message: MessageRow) => void
  reject: (reason: unknown) => void
}

interface Batch {
  sends: Queued[]
  /** Wait for locks instead of skipping the conversations that are locked. */
  wait: boolean
}

const batchMax = 200
const queuedMax = 10_000
const writersMax = { skip: 2, wait: 4 }
/** With fewer sends than this, a batch waits for the one that is being written, unless that takes long. */
const besideMin = 8
const slowMs = 20

export function createSendQueue(parts: {
  pool: pg.Pool
  config: Config
  hooks: AppHooks
  metrics: Metrics
}): SendQueue {
  const { pool, config, hooks, metrics } = parts
  /** Queued sends by conversation, in order of arrival. A conversation is in one batch at a time. */
  const queues = new Map<string, Queued[]>()
  const inProgress = new Set<string>()
  /** Conversations that a batch skipped because they were locked. */
  const locked = new Set<string>()
  const writers = { skip: 0, wait: 0 }
  let queuedCount = 0
  let scheduled = false
  /** When the latest batch that skips locks began. */
  let begunAt = 0
  let isRecheckDue = false
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
    for (const mode of ['skip', 'wait'] as const)
      while (writers[mode] < writersMax[mode]) {
        if (mode === 'skip' && writers.skip > 0 && !isWorthBeginning()) break
        const batch = mode === 'skip' ? takeMany() : takeLocked()
        if (batch.sends.length === 0) break
        if (mode === 'skip') begunAt = performance.now()
        writers[mode] += 1
        void run(batch).finally(() => {
          writers[mode] -= 1
          schedule()
        })
      }
    if (queuedCount === 0 && writers.skip + writers.wait === 0) onIdle?.()
  }

  /**
   * Whether to begin a batch beside another one. A batch costs the database as much as its first ten messages, so few
   * sends are cheaper in the next batch; but none waits for a batch that waits for others.
   */
  function isWorthBeginning(): boolean {
    let ready = 0
    for (const [conversationId, queue] of queues)
      if (isFree(conversationId)) {
        ready += queue.length
        if (ready >= besideMin) return true
      }
    if (ready === 0) return false
    const leftMs = begunAt + slowMs - performance.now()
    if (leftMs <= 0) return true
    if (!isRecheckDue) setTimeout(recheck, leftMs)
    isRecheckDue = true
    return false
  }

  function recheck() {
    isRecheckDue = false
    schedule()
  }

  const isFree = (conversationId: string) => !inProgress.has(conversationId) && !locked.has(conversationId)

  function takeMany(): Batch {
    const sends: Queued[] = []
    for (const [conversationId, queue] of queues) {
      if (sends.length >= batchMax) break
      if (!isFree(conversationId)) continue
      inProgress.add(conversationId)
      sends.push(...queue.splice(0, batchMax - sends.length))
      // The rest is queued behind the other conversations.
      queues.delete(conversationId)
      if (queue.length > 0) queues.set(conversationId, queue)
    }
    return { sends, wait: false }
  }

  function takeLocked(): Batch {
    for (const conversationId of locked) {
      if (inProgress.has(conversationId)) continue
      locked.delete(conversationId)
      inProgress.add(conversationId)
      const queue = queues.get(conversationId) ?? []
      const sends = queue.splice(0, batchMax)
      if (queue.length === 0) queues.delete(conversationId)
      return { sends, wait: true }
    }
    return { sends: [], wait: true }
  }

  async function run({ sends, wait }: Batch): Promise<void> {
    const conversations = new Set(sends.map(({ request }) => request.conversationId))
    await write(sends, wait)
    for (const conversationId of conversations) inProgress.delete(conversationId)
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
      const outcomes = await writeOnce(sends, wait)
      const skipped: Queued[] = []
      for (const send of sends) {
        const outcome = outcomes.get(send.request) ?? 'LOCKED'
        if (outcome === 'LOCKED') skipped.push(send)
        else finish(send, outcome)
      }
      requeue(skipped)
      metrics.stored(sends.filter(({ request }) => isStored(outcomes.get(request))).length)
    } catch (error) {
      if (error instanceof KeyRace || error instanceof DeadlinePassed) return write(sends, wait)
      // A send that the database rejects must not fail the others.
      if (sends.length > 1 && isDataError(error)) for (const send of sends) await write([send], true)
      else for (const send of sends) finish(send, error as Error)
    }
  }

  function writeOnce(sends: Queued[], wait: boolean) {
    const requests = sends.map(({ request }) => request)
    let hasBegun = false
    const leftMs = () => {
      hasBegun = true
      return Math.min(...sends.map(({ deadline }) => deadline.leftMs))
    }
    return onLiveConnection(
      async () => {
        const client = await pool.connect()
        let failure: unknown
        try {
          return await writeBatch(client, requests, { config, hooks, wait, leftMs })
        } catch (error) {
          failure = error
          throw error
        } finally {
          // A connection of unknown state is closed.
          client.release(failure !== undefined && !isRolledBack(failure))
        }
      },
      () => hasBegun,
    )
  }

  function requeue(sends: Queued[]): void {
    for (const send of sends.reverse()) {
      const { conversationId } = send.request
      const queue = queues.get(conversationId) ?? []
      queue.unshift(send)
      queues.set(conversationId, queue)
      locked.add(conversationId)
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
        const queue = queues.get(request.conversationId) ?? []
        const due = deadline ?? new Deadline(config.limits.requestDeadlineMs)
        queue.push({ request, deadline: due, resolve, reject })
        queues.set(request.conversationId, queue)
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

const isStored = (outcome: Outcome | undefined) => outcome instanceof Object && 'seq' in outcome

const isRolledBack = (failure: unknown) =>
  failure instanceof KeyRace || failure instanceof DeadlinePassed || isDataError(failure)

/** SQLSTATE classes 22 and 23: a bad value or a broken constraint, so that the connection is still usable. */
function isDataError(error: unknown): boolean {
  if (error instanceof Refusal || typeof error !== 'object' || error === null || !('code' in error))
    return false
  return typeof error.code === 'string' && /^2[23]/.test(error.code)
}
