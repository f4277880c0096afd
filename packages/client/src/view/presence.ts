import { Presence, type PresenceSubscription } from '../generated/documents.ts'
import { type Signal, signal, steady, whileRead } from '../signal.ts'
import type { Socket } from '../transport/socket.ts'

export type PresenceOf = PresenceSubscription['presence']['presence']
export type PresenceById = Readonly<Record<string, PresenceOf>>

/** The most users of one subscription. */
const usersAtOnce = 200

/** Presence of the users on screen, in as few subscriptions as possible, on the socket of everything else. */
export function createPresence(
  socket: Pick<Socket, 'subscribe'>,
): (ids: readonly string[]) => Signal<PresenceById> {
  const known = signal<PresenceById>({})
  /** How many signals show a user. */
  const watched = new Map<string, number>()
  let watching: readonly string[] = []
  let stops: (() => void)[] = []
  let planned = false

  function subscribe(): void {
    planned = false
    const ids = [...watched.keys()].sort()
    if (ids.join() === watching.join()) return
    watching = ids
    const before = stops
    stops = []
    for (let from = 0; from < ids.length; from += usersAtOnce) {
      const userIds = ids.slice(from, from + usersAtOnce)
      const next = ({ presence }: PresenceSubscription) =>
        known.set({ ...known.get(), [presence.id]: presence.presence })
      stops.push(socket.subscribe(Presence, () => ({ userIds }), { next, end() {} }))
    }
    for (const stop of before) stop()
    known.set(Object.fromEntries(Object.entries(known.get()).filter(([id]) => watched.has(id))))
  }

  // A list on screen changes row by row.
  function plan(): void {
    if (planned) return
    planned = true
    setTimeout(subscribe)
  }

  function count(ids: readonly string[], by: number): void {
    for (const id of ids) {
      const total = (watched.get(id) ?? 0) + by
      if (total > 0) watched.set(id, total)
      else watched.delete(id)
    }
    plan()
  }

  return (ids) => {
    const source = steady([known], () =>
      Object.fromEntries(Object.entries(known.get()).filter(([id]) => ids.includes(id))),
    )
    return whileRead(source, () => {
      count(ids, 1)
      return () => count(ids, -1)
    })
  }
}
