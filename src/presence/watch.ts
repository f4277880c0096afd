import { setTimeout as delay } from 'node:timers/promises'
import { type Context, requireViewer } from '../context.ts'
import { refuse } from '../errors.ts'
import { PullStream } from '../platform/pull-stream.ts'
import type { Watcher } from './hub.ts'
import type { Presence } from './policy.ts'
import { type SeenUser, seenUser } from './shown.ts'

const retryMs = 1_000

/** One reader of several people's presence: first as it is, then each change, the latest only. */
class PresenceWatch extends PullStream<SeenUser> implements Watcher {
  readonly viewerId: string
  readonly userIds: ReadonlySet<string>
  readonly #ctx: Context
  readonly #told = new Map<string, Presence>()
  /** Whom to look at; never more than are watched. */
  #due: Set<string>
  #ready: SeenUser[] = []

  constructor(ctx: Context, userIds: ReadonlySet<string>) {
    super()
    this.viewerId = requireViewer(ctx).userId
    this.userIds = userIds
    this.#ctx = ctx
    this.#due = new Set(userIds)
    ctx.presence.hub.watch(this)
  }

  lookAt(userIds: Iterable<string>): void {
    for (const userId of userIds) this.#due.add(userId)
    this.wake()
  }

  protected take(): SeenUser | undefined {
    // What changed since it was found is found again.
    this.#ready = this.#ready.filter((user) => !this.#due.has(user.id))
    const user = this.#ready.shift()
    if (user?.shown) this.#told.set(user.id, user.shown)
    return user
  }

  protected async advance(): Promise<boolean> {
    if (this.#due.size === 0) return false
    const userIds = [...this.#due]
    this.#due = new Set()
    this.#ctx.loaders.clear()
    const users = await Promise.all(userIds.map((userId) => seenUser(this.#ctx, userId))).catch((error) =>
      this.#lookLater(userIds, error),
    )
    this.#ctx.loaders.clear()
    if (this.closed) return false
    this.#ready = users.flatMap((user) => (user && this.#isNews(user.id, user.shown) ? [user] : []))
    return true
  }

  /** When somebody was last seen is news only where it was not to be seen until now, or is no longer. */
  #isNews(userId: string, shown: Presence): boolean {
    const told = this.#told.get(userId)
    return told?.status !== shown.status || told.visible !== shown.visible
  }

  /** A database that is away ends no subscription: nobody would open it again, since the socket stays. */
  async #lookLater(userIds: readonly string[], error: unknown): Promise<[]> {
    this.#ctx.log.warn({ err: error, userId: this.viewerId }, 'presence is looked up again')
    await delay(retryMs)
    this.lookAt(userIds)
    return []
  }

  protected onClose(): void {
    this.#ready = []
    this.#ctx.presence.hub.unwatch(this)
  }
}

/** Watches how people are shown to the viewer; of ids that are nobody's, nothing is told. */
export function watchPresence(ctx: Context, userIds: readonly string[]): AsyncIterableIterator<SeenUser> {
  const wanted = new Set(userIds)
  const limit = ctx.config.limits.presenceUsers
  if (wanted.size > limit)
    throw refuse('LIMIT_EXCEEDED', `At most ${limit} people can be watched at once.`, { limit })
  return new PresenceWatch(ctx, wanted)
}
