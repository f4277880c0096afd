import DataLoader from 'dataloader'
import type { Services, Viewer } from '../context.ts'
import type { Unsubscribe } from '../platform/bus/bus.ts'
import { newId } from '../platform/ids.ts'
import type { LeaseScope, Leases } from '../platform/leases/leases.ts'
import { Connections } from './connections.ts'
import { LastSeen } from './last-seen.ts'

/** Somebody who is to look again at how people are shown. */
export interface Watcher {
  readonly viewerId: string
  readonly userIds: ReadonlySet<string>
  lookAt(userIds: Iterable<string>): void
}

/** What happens within this time is told together. */
const gatherMs = 200
const idsPerMessage = 500
/** How often each watcher looks again at everybody, whatever was heard. */
const lookAgainMs = 30_000

/**
 * Published as `{ server, userIds, relationsOf, everybody }`, ids separated by spaces: these people may be shown
 * otherwise than before, and those may see other people than before. However many they are, a server says so a few times a second.
 */
const presenceTopic = 'presence'

type HubServices = Pick<Services, 'sql' | 'bus' | 'log' | 'config'> & { leases: Leases }

/** Who is connected, to whichever server, and who watches whom on this one. */
export class PresenceHub {
  readonly #services: HubServices
  readonly #server = newId()
  readonly #connections: Connections
  readonly #lastSeen: LastSeen
  readonly #timer: NodeJS.Timeout
  readonly #offs: Unsubscribe[]
  readonly #watchers = new Set<Watcher>()
  readonly #byWatched = new Map<string, Set<Watcher>>()
  /** The devices of those who are watched, by all servers, when that was last known. */
  readonly #lastKnown = new Map<string, readonly string[]>()
  readonly #held: DataLoader<string, readonly string[]>
  #changed = new Set<string>()
  #relationsOf = new Set<string>()
  #everybody = false
  #onRelations: (userIds: ReadonlySet<string>) => void = () => {}
  #lookedAt = Date.now()
  #flushing: Promise<void> | null = null

  constructor(services: HubServices) {
    this.#services = services
    const { config, bus, leases, log } = services
    this.#connections = new Connections(config.limits.presenceGraceMs)
    this.#lastSeen = new LastSeen(services, this.#connections)
    this.#held = new DataLoader((userIds) => this.#findHeld(userIds), { cache: false, maxBatchSize: 1_000 })
    this.#timer = setInterval(() => this.#tick(), gatherMs)
    this.#offs = [
      leases.onInvalidated((scope) => this.#invalidate(scope)),
      bus.onGap(() => this.#lookAtAll()),
    ]
    bus
      .subscribe(presenceTopic, (message) => {
        if (message.server !== this.#server) this.#hear(message as unknown as PresenceMessage)
      })
      .then((off) => this.#offs.push(off))
      .catch((error) => log.error({ err: error }, 'the presence of other servers is not heard'))
  }

  /** People with a socket open here. */
  get connectedCount(): number {
    return [...this.#connections.userIds()].length
  }

  socketOpened(device: Viewer): void {
    this.#connections.socketOpened(device)
    // Of a server that is killed nobody hears when people went.
    this.#lastSeen.note(device.userId)
  }

  /** Comes back within the grace, unless it has signed out. */
  socketClosed(device: Viewer, signedOut = false): void {
    this.#connections.socketClosed(device, signedOut)
  }

  /** Asked for something over HTTP, which counts as seen but not as being there. */
  noteActivity(userId: string): void {
    this.#lastSeen.note(userId)
  }

  /** Somebody wishes to be shown otherwise. */
  changed(userId: string): void {
    this.#changed.add(userId)
  }

  /** What stands between these people and others is not what it was. */
  relationsChanged(userIds: readonly string[]): void {
    for (const userId of userIds) this.#relationsOf.add(userId)
  }

  /** Has it told, too, whose relations are others than before, on whichever server that came about. */
  onRelations(listener: (userIds: ReadonlySet<string>) => void): void {
    this.#onRelations = listener
  }

  /** The sessions of a person's devices that are connected, to whichever server. */
  async devicesOf(userId: string): Promise<readonly string[]> {
    const held = await this.#held.load(userId)
    return [...new Set([...this.#connections.devicesOf(userId), ...held])]
  }

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher)
    for (const userId of watcher.userIds)
      this.#byWatched.set(userId, (this.#byWatched.get(userId) ?? new Set()).add(watcher))
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    for (const userId of watcher.userIds) {
      const watchers = this.#byWatched.get(userId)
      watchers?.delete(watcher)
      if (!watchers || watchers.size > 0) continue
      this.#byWatched.delete(userId)
      this.#lastKnown.delete(userId)
    }
  }

  async #findHeld(userIds: readonly string[]): Promise<(readonly string[])[]> {
    const { leases } = this.#services
    const held = await leases.read([...new Set(userIds)])
    if (!held && leases.isStale) this.#lastKnown.clear()
    return userIds.map((userId) => {
      if (!held) return this.#lastKnown.get(userId) ?? []
      const devices = (held.get(userId) ?? []).flatMap(idsIn)
      if (this.#byWatched.has(userId)) this.#lastKnown.set(userId, devices)
      return devices
    })
  }

  #tick(): void {
    this.#flushing ??= this.#flush()
      .catch((error) => this.#services.log.warn({ err: error }, 'presence could not be told'))
      .finally(() => {
        this.#flushing = null
      })
    if (Date.now() - this.#lookedAt > lookAgainMs) this.#lookAtAll()
  }

  async #flush(): Promise<void> {
    const { userIds, gone } = this.#connections.takeMoved(Date.now())
    await this.#lastSeen.keep(gone)
    // As it is by now: some may be back.
    const acquired = new Map<string, string>()
    const released: string[] = []
    for (const userId of userIds) {
      const devices = this.#connections.devicesOf(userId)
      if (devices.length > 0) acquired.set(userId, devices.join(' '))
      else released.push(userId)
    }
    if (userIds.length > 0) await this.#services.leases.update({ acquired, released })
    for (const userId of userIds) this.#changed.add(userId)
    this.#publish()
  }

  #publish(): void {
    const [userIds, relationsOf, everybody] = [[...this.#changed], [...this.#relationsOf], this.#everybody]
    if (userIds.length + relationsOf.length === 0 && !everybody) return
    this.#changed = new Set()
    this.#relationsOf = new Set()
    this.#everybody = false
    for (let at = 0; at === 0 || at < Math.max(userIds.length, relationsOf.length); at += idsPerMessage) {
      const part = (ids: string[]) => ids.slice(at, at + idsPerMessage).join(' ')
      const message = { userIds: part(userIds), relationsOf: part(relationsOf), everybody }
      this.#services.bus.publish(presenceTopic, { server: this.#server, ...message })
      this.#hear(message)
    }
  }

  #hear({ userIds, relationsOf, everybody }: PresenceMessage): void {
    if (everybody) this.#lookAtAll()
    const related = idsIn(relationsOf)
    for (const userId of [...idsIn(userIds), ...related])
      for (const watcher of this.#byWatched.get(userId) ?? []) watcher.lookAt([userId])
    if (related.length === 0) return
    const viewers = new Set(related)
    this.#onRelations(viewers)
    for (const watcher of this.#watchers) if (viewers.has(watcher.viewerId)) watcher.lookAt(watcher.userIds)
  }

  #invalidate(scope: LeaseScope): void {
    if (scope === 'OWN') this.#everybody = true
    else this.#lookAtAll()
  }

  #lookAtAll(): void {
    this.#lookedAt = Date.now()
    for (const watcher of this.#watchers) watcher.lookAt(watcher.userIds)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const off of this.#offs) off()
    await this.#flushing
    await this.#lastSeen.close()
    await this.#services.leases.close(this.#services.config.limits.presenceGraceMs)
  }
}

interface PresenceMessage {
  userIds: string
  relationsOf: string
  everybody: boolean
}

const idsIn = (text: string): string[] => (text === '' ? [] : text.split(' '))
