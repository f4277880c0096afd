import type { Engine } from '../engine/engine.ts'
import type { Action, State } from '../store/state.ts'
import { type Down, plainError, type Up } from './messages.ts'

export interface Leader {
  /** Serves a tab, which may be this one. */
  receive(from: string, up: Up): void
  /** Sends the whole state, to one tab or to all. */
  announce(to?: string): void
  stop(): void
}

interface Given {
  engine: Engine
  state(): State
  term: number
  post(down: Down, to?: string): void
  apply(action: Action): void
  wakeUp(): void
  /** Calls back when a tab is gone. */
  whenGone(tab: string, callback: () => void): void
}

/** Serves the tabs, which have no connection of their own: the state, subscriptions and the outbox. */
export function createLeader({ engine, term, post, ...given }: Given): Leader {
  const { connection, pending } = engine
  const tabs = new Map<string, Map<string, () => void>>()

  function announce(to?: string): void {
    post({ kind: 'state', state: given.state(), connection: connection.get(), pending: pending.get() }, to)
  }

  function subscriptionsOf(tab: string): Map<string, () => void> {
    const known = tabs.get(tab)
    if (known) return known
    const subscriptions = new Map<string, () => void>()
    tabs.set(tab, subscriptions)
    given.whenGone(tab, () => {
      for (const stop of subscriptions.values()) stop()
      tabs.delete(tab)
    })
    return subscriptions
  }

  function unsubscribe(tab: string, id: string): void {
    tabs.get(tab)?.get(id)?.()
    tabs.get(tab)?.delete(id)
  }

  function subscribe(tab: string, { id, document, variables }: Extract<Up, { kind: 'subscribe' }>): void {
    unsubscribe(tab, id)
    const stop = engine.subscribe(document, () => variables, {
      next: (data) => post({ kind: 'next', id, data }, tab),
      end: (error) => post({ kind: 'end', id, error: error && plainError(error) }, tab),
    })
    subscriptionsOf(tab).set(id, stop)
  }

  const stops = [
    connection.subscribe(() => post({ kind: 'connection', connection: connection.get() })),
    pending.subscribe(() => post({ kind: 'pending', pending: pending.get() })),
  ]
  announce()

  return {
    receive(from, up) {
      if (up.kind === 'ping') {
        if (up.term === term) post({ kind: 'pong' }, from)
        else announce(from)
      } else if (up.kind === 'apply') given.apply(up.action)
      else if (up.kind === 'subscribe') subscribe(from, up)
      else if (up.kind === 'unsubscribe') unsubscribe(from, up.id)
      else if (up.kind === 'send') engine.add(up.item, up.file)
      else if (up.kind === 'wake') given.wakeUp()
      else engine[up.kind](up.key)
    },
    announce,
    stop() {
      for (const stop of stops) stop()
      engine.stop()
    },
  }
}
