import type pg from 'pg'
import type { Config } from '../../config.ts'
import { Refusal, refuse } from '../../errors.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { MessageRow } from '../store.ts'
import { KeyRace, type Outcome, type SendRequest, writeBatch } from './batch.ts'

/** Group commit: sends that arrive while a batch is being written form the next one. */
export interface SendQueue {
  /** Resolves once the message is durable. Sends to one conversation are stored in the order of the calls. */
  send(request: SendRequest): Promise<MessageRow>
  /** Writes what is waiting and takes no more. */
  close(): Promise<void>
}

interface Waiting {
  request: SendRequest
  since: number
  resolve: (message: MessageRow) => void
  reject: (reason: unknown) => void
}

interface Batch {
  waiting: Waiting[]
  /** Wait for the lock instead of skipping what somebody else holds. */
  wait: boolean
}

const batchMax = 200
const waitingMax = 10_000
const lanesMax = { skip: 2, wait: 4 }

export function createSendQueue(parts: {
  pool: pg.Pool
  config: Config
  /** Called after a commit that stored messages. */
  onStored: () => void
  metrics: Metrics
}): SendQueue {
  const { pool, config, onStored, metrics } = parts
  /** What waits, by conversation and in order of arrival; a conversation in hand or held is not taken again. */
  const queues = new Map<string, Waiting[]>()
  const inHand = new Set<string>()
  const held = new Set<string>()
  const lanes = { skip: 0, wait: 0 }
  let waitingCount = 0
  let scheduled = false
  let closed = false
  let onIdle: (() => void) | null = null

  function schedule() {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      pump()
    })
  }

  function pump() {
    for (const lane of ['skip', 'wait'] as const)
      while (lanes[lane] < lanesMax[lane]) {
        const batch = lane === 'skip' ? takeMany() : takeHeld()
        if (batch.waiting.length === 0) break
        lanes[lane] += 1
        void run(batch).finally(() => {
          lanes[lane] -= 1
          schedule()
        })
      }
    if (waitingCount === 0 && lanes.skip + lanes.wait === 0) onIdle?.()
  }

  function takeMany(): Batch {
    const waiting: Waiting[] = []
    for (const [conversationId, queue] of queues) {
      if (waiting.length >= batchMax) break
      if (inHand.has(conversationId) || held.has(conversationId)) continue
      inHand.add(conversationId)
      waiting.push(...queue.splice(0, batchMax - waiting.length))
      // What is left goes behind the others.
      queues.delete(conversationId)
      if (queue.length > 0) queues.set(conversationId, queue)
    }
    return { waiting, wait: false }
  }

  function takeHeld(): Batch {
    for (const conversationId of held) {
      if (inHand.has(conversationId)) continue
      held.delete(conversationId)
      inHand.add(conversationId)
      const queue = queues.get(conversationId) ?? []
      const waiting = queue.splice(0, batchMax)
      if (queue.length === 0) queues.delete(conversationId)
      return { waiting, wait: true }
    }
    return { waiting: [], wait: true }
  }

  async function run(batch: Batch): Promise<void> {
    const conversations = new Set(batch.waiting.map((waiting) => waiting.request.conversationId))
    const live = batch.waiting.filter((waiting) => !expired(waiting))
    if (live.length > 0) await write(live, batch.wait)
    for (const conversationId of conversations) inHand.delete(conversationId)
  }

  function expired(waiting: Waiting): boolean {
    if (Date.now() - waiting.since < config.limits.requestDeadlineMs) return false
    settle(waiting, refuse('UNAVAILABLE', 'The server is too busy; nothing was sent.', { retryable: true }))
    return true
  }

  async function write(waiting: Waiting[], wait: boolean): Promise<void> {
    try {
      const outcomes = await writeOnce(waiting, wait)
      const back: Waiting[] = []
      for (const each of waiting) {
        const outcome = outcomes.get(each.request) ?? 'HELD'
        if (outcome === 'HELD') back.push(each)
        else settle(each, outcome)
      }
      putBack(back)
      metrics.stored(waiting.filter(({ request }) => isStored(outcomes.get(request))).length)
      if (back.length < waiting.length) onStored()
    } catch (error) {
      if (error instanceof KeyRace) return write(waiting, wait)
      // One send that the database will not take must not fail its neighbours.
      if (waiting.length > 1 && isDataFault(error)) for (const each of waiting) await write([each], true)
      else for (const each of waiting) settle(each, error as Error)
    }
  }

  async function writeOnce(waiting: Waiting[], wait: boolean) {
    const client = await pool.connect()
    let fault: unknown
    try {
      const requests = waiting.map((each) => each.request)
      return await writeBatch(client, requests, { config, wait })
    } catch (error) {
      fault = error
      throw error
    } finally {
      // A connection of unknown state is not given to the next one.
      client.release(fault !== undefined && !(fault instanceof KeyRace) && !isDataFault(fault))
    }
  }

  function putBack(waiting: Waiting[]): void {
    for (const each of waiting.reverse()) {
      const { conversationId } = each.request
      const queue = queues.get(conversationId) ?? []
      queue.unshift(each)
      queues.set(conversationId, queue)
      held.add(conversationId)
    }
  }

  function settle(waiting: Waiting, outcome: MessageRow | Error): void {
    waitingCount -= 1
    if (outcome instanceof Error) waiting.reject(outcome)
    else waiting.resolve(outcome)
  }

  return {
    send(request) {
      if (closed || waitingCount >= waitingMax)
        return Promise.reject(
          refuse('UNAVAILABLE', 'The server takes no more sends now.', { retryable: true }),
        )
      return new Promise((resolve, reject) => {
        const queue = queues.get(request.conversationId) ?? []
        queue.push({ request, since: Date.now(), resolve, reject })
        queues.set(request.conversationId, queue)
        waitingCount += 1
        schedule()
      })
    },
    async close() {
      closed = true
      if (waitingCount === 0 && lanes.skip + lanes.wait === 0) return
      await new Promise<void>((resolve) => {
        onIdle = resolve
        schedule()
      })
    },
  }
}

const isStored = (outcome: Outcome | undefined) => outcome instanceof Object && 'seq' in outcome

/** The database understood and would not: classes 22 and 23, a bad value or a broken constraint. */
function isDataFault(error: unknown): boolean {
  if (error instanceof Refusal || typeof error !== 'object' || error === null || !('code' in error))
    return false
  return typeof error.code === 'string' && /^2[23]/.test(error.code)
}
