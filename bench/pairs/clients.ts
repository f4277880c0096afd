import { setTimeout as pause } from 'node:timers/promises'
import { answer } from '../answer.ts'
import { inBatches } from '../load/wire.ts'
import { openXmppTalk } from '../peers/xmpp-talk.ts'
import { openFloorTalk } from './floor/talk.ts'
import { openParlanceTalk } from './parlance-talk.ts'
import type { OpenTalk, Talk, TalkListener, TalkTarget } from './talk.ts'

// Pairs that write one message at a time: the next one is sent when the last one was acknowledged and delivered.

const protocols = { parlance: openParlanceTalk, floor: openFloorTalk, xmpp: openXmppTalk }

export type Protocol = keyof typeof protocols

export interface Talked {
  count: number
  seconds: number
  total: number
  /** Milliseconds from a send to its delivery. */
  p50: number
  p99: number
  /** CPU time of the clients per message, in microseconds. */
  clientMicros: number
}

let talks: Pair[] = []
let keys = 0
const run = Math.random().toString(36).slice(2, 8)

class Pair implements TalkListener {
  talk: Talk | null = null
  messages = 0
  latencies: number[] = []
  #sentAt = 0
  #missing = 0
  #ended: (() => void) | null = null

  start(): void {
    this.#ended = null
    this.#send()
  }

  /** Resolves once the message under way has arrived. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve
      if (this.#missing === 0) resolve()
    })
  }

  acknowledged = (): void => this.#arrived()

  delivered = (): void => {
    this.latencies.push(performance.now() - this.#sentAt)
    this.#arrived()
  }

  #arrived(): void {
    this.#missing -= 1
    if (this.#missing > 0) return
    this.messages += 1
    if (this.#ended) this.#ended()
    else this.#send()
  }

  #send(): void {
    this.#missing = 2
    this.#sentAt = performance.now()
    this.talk?.send(`${run}-${keys++}`)
  }
}

async function openPair(open: OpenTalk, target: TalkTarget): Promise<Pair> {
  const pair = new Pair()
  pair.talk = await open(target, pair)
  return pair
}

const sum = () => talks.reduce((total, { messages }) => total + messages, 0)

const cpu = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

const handlers = {
  async open({ protocol, targets }: { protocol: Protocol; targets: TalkTarget[] }) {
    talks = await inBatches(targets, 20, (target) => openPair(protocols[protocol], target))
  },
  async drive({ warmUpMs, ms }: { warmUpMs: number; ms: number }): Promise<Talked> {
    const first = sum()
    for (const pair of talks) pair.start()
    await pause(warmUpMs)
    for (const pair of talks) pair.latencies = []
    const [since, before, cpuBefore] = [performance.now(), sum(), cpu()]
    await pause(ms)
    const [seconds, count] = [(performance.now() - since) / 1000, sum() - before]
    const clientMicros = (cpu() - cpuBefore) / count
    const latencies = talks.flatMap((pair) => pair.latencies).sort((one, other) => one - other)
    await Promise.all(talks.map((pair) => pair.stop()))
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
    return { count, seconds, total: sum() - first, p50: at(0.5), p99: at(0.99), clientMicros }
  },
  /** Until this number of messages has arrived. */
  async exchange(count: number): Promise<void> {
    const first = sum()
    for (const pair of talks) pair.start()
    while (sum() - first < count) await pause(50)
    await Promise.all(talks.map((pair) => pair.stop()))
  },
  /** All pairs send at once, and again when all messages have arrived. Resolves with the number of messages. */
  async volleys(ms: number): Promise<number> {
    const [first, end] = [sum(), performance.now() + ms]
    while (performance.now() < end) {
      for (const pair of talks) pair.start()
      await Promise.all(talks.map((pair) => pair.stop()))
    }
    return sum() - first
  },
  close() {
    for (const pair of talks.splice(0)) pair.talk?.close()
  },
}

export type PairHandlers = typeof handlers

answer(handlers)
