/** Who has a socket open on this server. Whoever comes back within the grace has never gone. */
export class Connections {
  readonly #graceMs: number
  readonly #sockets = new Map<string, number>()
  /** Whose last socket has closed, and when; in the order of that time. */
  readonly #leaving = new Map<string, number>()
  #arrived = new Set<string>()

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  get size(): number {
    return this.#sockets.size
  }

  has(userId: string): boolean {
    return this.#sockets.has(userId) || this.#leaving.has(userId)
  }

  /** Those with a socket open now. */
  userIds(): Iterable<string> {
    return this.#sockets.keys()
  }

  arrives(userId: string): void {
    const sockets = this.#sockets.get(userId) ?? 0
    this.#sockets.set(userId, sockets + 1)
    if (sockets === 0 && !this.#leaving.delete(userId)) this.#arrived.add(userId)
  }

  leaves(userId: string): void {
    const sockets = this.#sockets.get(userId) ?? 0
    if (sockets > 1) return void this.#sockets.set(userId, sockets - 1)
    if (this.#sockets.delete(userId)) this.#leaving.set(userId, Date.now())
  }

  /** Who has come since this was asked last. */
  takeArrived(): string[] {
    const arrived = [...this.#arrived]
    this.#arrived = new Set()
    return arrived
  }

  /** Whose grace is over, and when they were last there. */
  takeGone(now: number): Map<string, Date> {
    const gone = new Map<string, Date>()
    for (const [userId, since] of this.#leaving) {
      if (now - since < this.#graceMs) break
      this.#leaving.delete(userId)
      gone.set(userId, new Date(since))
    }
    return gone
  }
}
