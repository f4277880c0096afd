import DataLoader from 'dataloader'
import type { Services, Viewer } from '../context.ts'
import type { Unsubscribe } from '../platform/bus/bus.ts'
import { newId } from '../platform/ids.ts'
import type { LeaseScope, Leases } from '../platform/leases/leases.ts'
import { Connections } from './connections.ts'
import { LastSeen } from './last-seen.ts'

/** A subscription to the presence of users. */
export interface Watcher {
  readonly viewerId: string
  readonly userIds: ReadonlySet<string>
  refresh(userIds: Iterable<string>): void
}

/** Changes within this time are published together. */
const collectMs = 200
const idsPerMessage = 500
/** Interval in which each watcher refreshes all users, in case a message was lost. */
const refreshMs = 30_000

/**
 * Published a few times a second as `{ server, userIds, relationsOf, everybody }`, ids separated by spaces: users whose
 * presence may have changed, and users who may now see others than before.
 */
const presenceTopic = 'presence'

type HubServices = Pick<Services, 'sql' | 'bus' | 'log' | 'config'> & { leases: Leases }

/** The connected users of all servers, and the presence subscriptions of this one. */
export class PresenceHub {
  readonly #services: HubServices
  readonly #server = newId()
  readonly #connections: Connections
  readonly #lastSeen: LastSeen
  readonly #timer: NodeJS.Timeout
  readonly #unsubscribes: Unsubscribe[]
  readonly #watchers = new Set<Watcher>()
  readonly #byWatched = new Map<string, Set<Watcher>>()
  /** The last known devices of watched users, on all servers. */
  readonly #lastKnown = new Map<string, readonly string[]>()
  readonly #leased: DataLoader<string, readonly string[]>
  #changed = new Set<string>()
  #relationsOf = new Set<string>()
  #everybody = false
  #onRelations: (userIds: ReadonlySet<string>) => void = () => {}
  #refreshedAt = Date.now()
  #flushing: Promise<void> | null = null

  constructor(services: HubServices) {
    this.#services = services
    const { config, bus, leases, log } = services
    this.#connections = new Connections(config.limits.presenceGraceMs)
    this.#lastSeen = new LastSeen(services, this.#connections)
    this.#leased = new DataLoader((userIds) => this.#loadLeased(userIds), {
      cache: false,
      maxBatchSize: 1_000,
    })
    this.#timer = setInterval(() => this.#tick(), collectMs)
    this.#unsubscribes = [
      leases.onInvalidated((scope) => this.#invalidate(scope)),
      bus.onGap(() => this.#refreshAll()),
    ]
    bus
      .subscribe(presenceTopic, (message) => {
        if (message.server !== this.#server) this.#receive(message as unknown as PresenceMessage)
      })
      .then((off) => this.#unsubscribes.push(off))
      .catch((error) => log.error({ err: error }, 'subscription to presence failed'))
  }

  /** Number of users with an open socket on this server. */
  get connectedCount(): number {
    return [...this.#connections.userIds()].length
  }

  socketOpened(device: Viewer): void {
    this.#connections.socketOpened(device)
    // A server that is killed cannot record when its users disconnected.
    this.#lastSeen.note(device.userId)
  }

  /** The device may reconnect within the grace period, unless it signed out. */
  socketClosed(device: Viewer, signedOut = false): void {
    this.#connections.socketClosed(device, signedOut)
  }

  /** A request over HTTP updates lastSeenAt but does not connect the user. */
  noteActivity(userId: string): void {
    this.#lastSeen.note(userId)
  }

  /** A user chose another status. */
  statusChanged(userId: string): void {
    this.#changed.add(userId)
  }

  /** A friendship, block or membership of these users changed. */
  relationsChanged(userIds: readonly string[]): void {
    for (const userId of userIds) this.#relationsOf.add(userId)
  }

  /** Listens to changed relations, on any server. */
  onRelations(listener: (userIds: ReadonlySet<string>) => void): void {
    this.#onRelations = listener
  }

  /** The sessions of a user's connected devices, on all servers. */
  async devicesOf(userId: string): Promise<readonly string[]> {
    const leased = await this.#leased.load(userId)
    return [...new Set([...this.#connections.devicesOf(userId), ...leased])]
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

  async #loadLeased(userIds: readonly string[]): Promise<(readonly string[])[]> {
    const { leases } = this.#services
    const leased = await leases.read([...new Set(userIds)])
    if (!leased && leases.isStale) this.#lastKnown.clear()
    return userIds.map((userId) => {
      if (!leased) return this.#lastKnown.get(userId) ?? []
      const devices = (leased.get(userId) ?? []).flatMap(idsIn)
      if (this.#byWatched.has(userId)) this.#lastKnown.set(userId, devices)
      return devices
    })
  }

  #tick(): void {
    this.#flushing ??= this.#flush()
      .catch((error) => this.#services.log.warn({ err: error }, 'presence not published, will retry'))
      .finally(() => {
        this.#flushing = null
      })
    if (Date.now() - this.#refreshedAt > refreshMs) this.#refreshAll()
  }

  async #flush(): Promise<void> {
    const { userIds, disconnected } = this.#connections.takeChanges(Date.now())
    await this.#lastSeen.write(disconnected)
    // The current state: some devices may have reconnected.
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
      this.#receive(message)
    }
  }

  #receive({ userIds, relationsOf, everybody }: PresenceMessage): void {
    if (everybody) this.#refreshAll()
    const related = idsIn(relationsOf)
    for (const userId of [...idsIn(userIds), ...related])
      for (const watcher of this.#byWatched.get(userId) ?? []) watcher.refresh([userId])
    if (related.length === 0) return
    const viewers = new Set(related)
    this.#onRelations(viewers)
    for (const watcher of this.#watchers) if (viewers.has(watcher.viewerId)) watcher.refresh(watcher.userIds)
  }

  #invalidate(scope: LeaseScope): void {
    if (scope === 'OWN') this.#everybody = true
    else this.#refreshAll()
  }

  #refreshAll(): void {
    this.#refreshedAt = Date.now()
    for (const watcher of this.#watchers) watcher.refresh(watcher.userIds)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const off of this.#unsubscribes) off()
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
