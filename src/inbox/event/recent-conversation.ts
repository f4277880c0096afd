import type { StoredMessages } from '../../hooks.ts'
import type { ConversationChanges } from '../../message/history/changes.ts'
import type { MessageRow } from '../../message/store.ts'

/** Long enough for all sockets of one burst, short enough that recalled content does not stay. */
export const keptMs = 200

/** The changes of one conversation after one version, loaded once for all streams. */
export interface LoadedChanges extends ConversationChanges {
  fromVersion: number
  /** The members, and the first seq that each may see; none in a SIGNAL conversation. */
  visibleFrom: ReadonlyMap<string, number>
  /** The lowest seq among the messages. */
  lowestSeq: number
  /** Whether content was erased, or a member left, since the changes were loaded. */
  isOutdated(): boolean
  /** Loads the same changes again. */
  reload(): Loading
}

/** Changes, or the read that brings them; null if the conversation does not exist. */
export type Loading = LoadedChanges | null | Promise<LoadedChanges | null>

interface Loaded {
  at: number
  /** The version that was known when the read began. */
  toVersion: number
  changes: Loading
}

/** Messages that were stored here, without a gap between their versions. */
export interface JoinedMessages extends StoredMessages {
  visibleFrom: ReadonlyMap<string, number>
}

/** What this process holds of a conversation for its streams. */
export class RecentConversation {
  /** The newest version that is known. */
  version = 0
  /** Counts members who left: what was loaded before is not delivered. */
  departures = 0
  /** The settings version of `visibleFrom`; -1 if the members are not known. */
  membersAt = -1
  visibleFrom: ReadonlyMap<string, number> = new Map()
  #stored: { at: number; stored: StoredMessages }[] = []
  readonly #loaded = new Map<number, Loaded>()

  noteVersion(version: number): void {
    if (version > this.version) this.version = version
  }

  noteMembers(settingsVersion: number, visibleFrom: ReadonlyMap<string, number> | null): void {
    if (!visibleFrom || settingsVersion < this.membersAt) return
    this.membersAt = settingsVersion
    this.visibleFrom = visibleFrom
  }

  noteDeparture(): void {
    this.departures += 1
    this.membersAt = -1
    this.dropContent()
  }

  store(stored: StoredMessages): void {
    const { conversation, fromVersion, visibleFrom } = stored
    this.noteVersion(conversation.version)
    this.noteMembers(conversation.settingsVersion, visibleFrom)
    if (this.#stored.at(-1)?.stored.conversation.version !== fromVersion) this.#stored = []
    this.#stored.push({ at: Date.now(), stored })
  }

  /** The loaded changes after a version, unless newer ones are known. */
  loaded(fromVersion: number): Loading | undefined {
    const loaded = this.#loaded.get(fromVersion)
    const isCurrent = loaded && loaded.toVersion >= this.version && Date.now() - loaded.at < keptMs
    return isCurrent ? loaded.changes : undefined
  }

  keep(fromVersion: number, changes: Loading): void {
    const loaded: Loaded = { at: Date.now(), toVersion: this.version, changes }
    this.#loaded.set(fromVersion, loaded)
    if (!(changes instanceof Promise)) return
    changes.then(
      (result) => {
        loaded.changes = result
      },
      () => {
        if (this.#loaded.get(fromVersion) === loaded) this.#loaded.delete(fromVersion)
      },
    )
  }

  /** The messages after a version that were stored here; null if they are not all that changed. */
  storedAfter(fromVersion: number): JoinedMessages | null {
    const oldest = Date.now() - keptMs
    const first = this.#stored.findIndex(({ stored }) => stored.conversation.version > fromVersion)
    const parts = first === -1 ? [] : this.#stored.slice(first)
    const [head, last] = [parts[0], parts.at(-1)]
    if (!head || !last || head.at <= oldest || head.stored.fromVersion > fromVersion) return null
    const { conversation } = last.stored
    if (conversation.version < this.version || conversation.settingsVersion > this.membersAt) return null
    const messages: MessageRow[] = []
    for (const { stored } of parts)
      for (const message of stored.messages) if (message.version > fromVersion) messages.push(message)
    return { conversation, fromVersion, messages, visibleFrom: this.visibleFrom }
  }

  dropContent(): void {
    this.#stored = []
    this.#loaded.clear()
  }

  /** Drops content that is no longer used. Returns whether some is left. */
  expire(): boolean {
    const oldest = Date.now() - keptMs
    this.#stored = this.#stored.filter(({ at }) => at > oldest)
    for (const [from, { at }] of this.#loaded) if (at <= oldest) this.#loaded.delete(from)
    return this.#stored.length + this.#loaded.size > 0
  }
}
