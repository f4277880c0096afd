import type { Engine, EngineOptions } from '../engine/engine.ts'
import { isParlanceError, type ParlanceError } from '../errors.ts'
import { type Pending, stateOf } from '../outbox/item.ts'
import type { OutboxPort } from '../outbox/sender.ts'
import { type Signal, signal } from '../signal.ts'
import type { Action, OwnMessage } from '../store/state.ts'
import type { Store } from '../store/store.ts'
import { randomId } from '../transport/random-id.ts'
import type { ConnectionState, Socket } from '../transport/socket.ts'
import type { Wake } from '../transport/wake.ts'
import { type Election, elect } from './election.ts'
import { createLeader, type Leader } from './leader.ts'
import { type Down, errorFrom, type Message, plainError, type Up } from './messages.ts'
import type { Channel, Tabs } from './platform.ts'
import { createSubscriptions } from './subscriptions.ts'

export interface HubOptions {
  store: Store
  wake: Wake
  startEngine(given: Pick<EngineOptions, 'wake' | 'store' | 'onSettled'>): Engine
  /** Whether a state of another tab is of the user of this one. */
  accepts(viewerId: string | null): boolean
  onAction(action: Action): void
  onSettled(key: string, outcome: OwnMessage | ParlanceError): void
  /** There is a leader that has not seen what this tab waits for. */
  onLeader(): void
  /** The user signed in or out in another tab. */
  onSession(reason: string | null): void
}

/** Of an error, the code alone passes between tabs. */
const withState = (item: Pending): Pending => (item.failedWith ? { ...item, state: stateOf(item) } : item)

/** The way of a tab to the engine, which is in this tab or in the one that leads. */
export interface Hub {
  readonly connection: Signal<ConnectionState>
  readonly outbox: OutboxPort
  readonly subscribe: Socket['subscribe']
  apply(action: Action): void
  /** Another user, or none: the state of the one before is gone. */
  reset(): void
  announceSession(reason: string | null): void
  /** Without tabs, this tab leads. Tabs with the same name have the same user. */
  start(tabs: Tabs | null, name: string): void
  stop(): void
}

/** How often a follower makes sure that its leader answers, and how long it waits. */
const pingEveryMs = 10_000
const answerWithinMs = 4_000

export function createHub(options: HubOptions): Hub {
  const { store, wake, onAction } = options
  const id = randomId()
  const connection = signal<ConnectionState>('closed')
  const items = signal<readonly Pending[]>([])
  const wakeListeners = new Set<() => void>()
  const stops: (() => void)[] = []
  /** What no leader has received. */
  let early: Action[] = []
  let channel: Channel | undefined
  let election: Election | null = null
  let leader: Leader | null = null
  /** Of the present leader, which increases with each; 0 without one. */
  let term = 0
  let silence: ReturnType<typeof setTimeout> | undefined
  let whenGone = (_tab: string, _callback: () => void) => {}

  const post = (message: Message) => channel?.postMessage(message)
  const subscriptions = createSubscriptions(ask)

  function ask(up: Up): void {
    if (leader) leader.receive(id, up)
    else if (term > 0 || up.kind === 'ping') post({ from: id, up })
  }

  function apply(action: Action): void {
    store.apply(action)
    if (leader) post({ term, down: { kind: 'applied', action } })
    onAction(action)
  }

  function begin(): void {
    for (const action of early.splice(0)) ask({ kind: 'apply', action })
    subscriptions.restart()
    options.onLeader()
  }

  function wakeWithOthers(listener: () => void): () => void {
    const stop = wake(listener)
    wakeListeners.add(listener)
    return () => {
      stop()
      wakeListeners.delete(listener)
    }
  }

  function lead(): void {
    answered()
    term = Math.max(term + 1, Date.now())
    const own = term
    const tell = (down: Down, to?: string) => {
      if (to !== id) post({ term: own, to, down })
      if ((to ?? id) === id && down.kind !== 'state') take(down)
    }
    // A late answer of a leader that lost the lead would change the state of this tab alone.
    const applyAsLeader = (action: Action) => {
      if (term === own) apply(action)
    }
    const engine = options.startEngine({
      ...{ store: { ...store, apply: applyAsLeader }, wake: wakeWithOthers },
      onSettled(key, outcome) {
        const plain = isParlanceError(outcome) ? { error: plainError(outcome) } : { message: outcome }
        tell({ kind: 'settled', key, outcome: plain })
      },
    })
    connection.set(engine.connection.get())
    items.set(engine.pending.get())
    leader = createLeader({
      ...{ engine, term, apply, whenGone, state: store.get, post: tell },
      wakeUp() {
        for (const listener of [...wakeListeners]) listener()
      },
    })
    begin()
  }

  function follow(): void {
    leader?.stop()
    leader = null
    term = 0
    check()
  }

  /** Takes the lead if the leader does not answer. */
  function check(): void {
    if (leader || !election) return
    ask({ kind: 'ping', term })
    silence ??= setTimeout(() => {
      silence = undefined
      election?.takeOver()
    }, answerWithinMs)
  }

  function answered(): void {
    clearTimeout(silence)
    silence = undefined
  }

  function receive(message: Message): void {
    if ('session' in message) options.onSession(message.session.reason)
    else if ('up' in message) leader?.receive(message.from, message.up)
    else if (!leader && message.term >= term && (message.to ?? id) === id) {
      answered()
      if (message.down.kind === 'state') adopt(message.term, message.down)
      else if (message.term === term) take(message.down)
    }
  }

  function adopt(next: number, { state, ...down }: Extract<Down, { kind: 'state' }>): void {
    if (!options.accepts(state.me?.user.id ?? null)) return
    const isNew = next !== term
    term = next
    store.replace(state)
    connection.set(down.connection)
    items.set(down.pending.map(withState))
    if (isNew) begin()
  }

  function take(down: Exclude<Down, { kind: 'state' }>): void {
    if (down.kind === 'applied') apply(down.action)
    else if (down.kind === 'connection') connection.set(down.connection)
    else if (down.kind === 'pending') items.set(leader ? down.pending : down.pending.map(withState))
    else if (down.kind === 'next') subscriptions.next(down.id, down.data)
    else if (down.kind === 'end') subscriptions.end(down.id, down.error)
    else if (down.kind === 'settled') {
      const { key, outcome } = down
      options.onSettled(key, 'error' in outcome ? errorFrom(outcome.error) : outcome.message)
    }
  }

  return {
    connection,
    outbox: {
      items,
      add: (item, file) => ask({ kind: 'send', item, file }),
      retry: (key) => ask({ kind: 'retry', key }),
      cancel: (key) => ask({ kind: 'cancel', key }),
    },
    subscribe: subscriptions.add,
    apply(action) {
      if (leader) return apply(action)
      // A list moves the tick, which only the leader does.
      if (action.type !== 'listed') store.apply(action)
      if (term > 0) ask({ kind: 'apply', action })
      else early.push(action)
    },
    reset() {
      early = []
      store.clear()
      if (leader) return leader.announce()
      term = 0
      connection.set('closed')
      items.set([])
      check()
    },
    announceSession: (reason) => post({ session: { reason } }),
    start(tabs, name) {
      if (!tabs) return lead()
      channel = tabs.channel(name)
      channel.onmessage = ({ data }) => receive(data as Message)
      const lockUntilGone = (tab: string, work: () => Promise<void>) =>
        void tabs.lock(`${name}.${tab}`, {}, work).catch(() => {})
      whenGone = (tab, callback) => lockUntilGone(tab, async () => callback())
      // Held while the tab lives, so that the leader knows when it is gone.
      lockUntilGone(id, () => new Promise((resolve) => stops.push(resolve)))
      election = elect(tabs, name, { lead, follow })
      const timer = setInterval(check, pingEveryMs)
      const stopWaking = wake(() => {
        if (!leader) ask({ kind: 'wake' })
        check()
      })
      stops.push(() => clearInterval(timer), stopWaking)
      check()
    },
    stop() {
      answered()
      leader?.stop()
      leader = null
      election?.stop()
      election = null
      for (const stop of stops) stop()
      channel?.close()
      channel = undefined
    },
  }
}
