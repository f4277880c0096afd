import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { PullStream } from '../platform/pull-stream.ts'
import type { Watcher } from './hub.ts'
import type { Presence } from './policy.ts'
import { loadUserWithPresence, type UserWithPresence } from './shown.ts'

const retryMs = 1_000

/** One subscription to the presence of several users: the current state first, then each latest change. */
class PresenceWatch extends PullStream<UserWithPresence> implements Watcher {
  readonly viewerId: string
  readonly userIds: ReadonlySet<string>
  readonly #ctx: Context
  readonly #delivered = new Map<string, Presence>()
  /** Users to read; never more than are watched. */
  #pending: Set<string>
  #ready: UserWithPresence[] = []

  constructor(ctx: Context, userIds: ReadonlySet<string>) {
    super()
    this.viewerId = requireViewer(ctx).userId
    this.userIds = userIds
    this.#ctx = ctx
    this.#pending = new Set(userIds)
    ctx.presence.hub.watch(this)
  }

  refresh(userIds: Iterable<string>): void {
    for (const userId of userIds) this.#pending.add(userId)
    this.wake()
  }

  take(): UserWithPresence | undefined {
    // A user that changed after the read is read again.
    this.#ready = this.#ready.filter((user) => !this.#pending.has(user.id))
    const user = this.#ready.shift()
    if (user?.shown) this.#delivered.set(user.id, user.shown)
    return user
  }

  async advance(): Promise<boolean> {
    if (this.#pending.size === 0) return false
    const userIds = [...this.#pending]
    this.#pending = new Set()
    this.#ctx.loaders.clear()
    const users = await Promise.all(userIds.map((userId) => loadUserWithPresence(this.#ctx, userId))).catch(
      (error) => this.#retryLater(userIds, error),
    )
    this.#ctx.loaders.clear()
    if (this.closed) return false
    this.#ready = users.flatMap((user) => (user && this.#isChanged(user.id, user.shown) ? [user] : []))
    return true
  }

  /** A change of lastSeenAt alone is not delivered. */
  #isChanged(userId: string, shown: Presence): boolean {
    const earlier = this.#delivered.get(userId)
    return earlier?.status !== shown.status || earlier.visible !== shown.visible
  }

  /** Keeps the subscription while the database is unavailable: the socket stays open, so clients would not resubscribe. */
  async #retryLater(userIds: readonly string[], error: unknown): Promise<[]> {
    this.#ctx.log.warn({ err: error, userId: this.viewerId }, 'presence unreadable, will retry')
    await delay(retryMs)
    this.refresh(userIds)
    return []
  }

  protected onClose(): void {
    this.#ready = []
    this.#ctx.presence.hub.unwatch(this)
  }
}

/** Subscribes to the presence of users as the viewer sees it. Unknown ids are ignored. */
export function watchPresence(ctx: Context, userIds: readonly string[]): AsyncIterable<UserWithPresence> {
  const wanted = new Set(userIds)
  const limit = ctx.config.limits.presenceUsers
  if (wanted.size > limit)
    throw refuse('LIMIT_EXCEEDED', `At most ${limit} users can be watched by one subscription.`, { limit })
  return new PresenceWatch(ctx, wanted)
}
