import type { StoredMessages } from '../../hooks.ts'
import type { ConversationChanges } from '../../message/history/changes.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { ChangesReader, messagesMax } from './changes-reader.ts'
import { keptMs, type LoadedChanges, type Loading, RecentConversation } from './recent-conversation.ts'

const conversationsMax = 2_000
const bytesMax = 128 * 1024

/**
 * Shares changes between the streams of this process: those that it stored itself, and those that one of its streams has
 * read. Changes older than a known version are never used, so a recall applies to everything that is not written to a
 * socket yet.
 */
export class RecentChanges {
  readonly #reader: ChangesReader
  readonly #conversations = new Map<string, RecentConversation>()
  readonly #erased = new Map<string, number>()
  #expiry: NodeJS.Timeout | null = null

  constructor(sql: Sql) {
    this.#reader = new ChangesReader(sql)
  }

  /** Takes over messages that this process has just stored, before their numbers are published. */
  store(stored: StoredMessages): void {
    this.#of(stored.conversation.id).store(stored)
    this.#expire()
  }

  /** A newer version of the conversation exists. */
  noteVersion(conversationId: string, version: number): void {
    this.#of(conversationId).noteVersion(version)
  }

  /** A message was erased with this version of the conversation. */
  noteErasure(conversationId: string, version: number): void {
    const recent = this.#of(conversationId)
    recent.noteVersion(version)
    recent.dropContent()
    if (version > (this.#erased.get(conversationId) ?? 0)) setBounded(this.#erased, conversationId, version)
  }

  /** A member left the conversation or was removed. */
  noteDeparture(conversationId: string): void {
    this.#conversations.get(conversationId)?.noteDeparture()
  }

  /** Drops everything: it may belong to a lost history. */
  reset(): void {
    for (const map of [this.#conversations, this.#erased]) map.clear()
  }

  close(): void {
    if (this.#expiry) clearTimeout(this.#expiry)
  }

  /** The changes after a version, at least as new as `toVersion`; at once if this process has them. */
  load(conversationId: string, fromVersion: number, toVersion: number): Loading {
    const recent = this.#of(conversationId)
    recent.noteVersion(toVersion)
    const loaded = recent.loaded(fromVersion)
    if (loaded !== undefined) return loaded
    const stored = recent.storedAfter(fromVersion)
    const changes = stored
      ? this.#loadedOf(recent, fromVersion, fromStored(stored), stored.visibleFrom)
      : this.#read(recent, conversationId, fromVersion)
    recent.keep(fromVersion, changes)
    this.#expire()
    return changes
  }

  async #read(recent: RecentConversation, conversationId: string, fromVersion: number) {
    const { membersAt } = recent
    const departures = recent.departures
    const read = await this.#reader.read({ conversationId, fromVersion, membersAt })
    if (!read) return null
    const { visibleFrom, ...changes } = read
    // A member may have left after the snapshot of the read.
    if (departures === recent.departures)
      recent.noteMembers(changes.conversation.settingsVersion, visibleFrom)
    return this.#loadedOf(recent, fromVersion, changes, visibleFrom ?? recent.visibleFrom, departures)
  }

  #loadedOf(
    recent: RecentConversation,
    fromVersion: number,
    changes: ConversationChanges,
    visibleFrom: ReadonlyMap<string, number>,
    departures = recent.departures,
  ): LoadedChanges {
    const page = withinBytes(changes)
    const { id } = page.conversation
    // Copied last: V8 adds to a copy in ten times the time.
    return {
      fromVersion,
      visibleFrom,
      lowestSeq: page.messages.reduce((seq, message) => Math.min(seq, message.seq), Number.POSITIVE_INFINITY),
      isOutdated: () =>
        departures !== recent.departures || (this.#erased.get(id) ?? 0) > page.conversation.version,
      reload: () => this.load(id, fromVersion, page.version),
      ...page,
    }
  }

  #of(conversationId: string): RecentConversation {
    const known = this.#conversations.get(conversationId)
    if (known) return known
    const recent = new RecentConversation()
    setBounded(this.#conversations, conversationId, recent)
    return recent
  }

  /** Content that no stream has used in time is dropped, also if the conversation stays quiet. */
  #expire(): void {
    this.#expiry ??= setTimeout(() => {
      this.#expiry = null
      let isLeft = false
      for (const recent of this.#conversations.values()) if (recent.expire()) isLeft = true
      if (isLeft) this.#expire()
    }, keptMs).unref()
  }
}

function fromStored({ conversation, messages: all }: StoredMessages): ConversationChanges {
  const messages = all.slice(0, messagesMax)
  const hasMore = messages.length < all.length
  const version = hasMore ? (messages.at(-1)?.version ?? conversation.version) : conversation.version
  return { conversation, messages, version, maxSeq: conversation.maxSeq, hasMore }
}

/** Sets an entry, and drops the oldest one if there are too many. */
function setBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= conversationsMax) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

/** Shortens a page that is too large for one event; the next one has the rest. */
function withinBytes(changes: ConversationChanges): ConversationChanges {
  if (changes.messages.length < 2) return changes
  let bytes = 0
  const cut = changes.messages.findIndex((message, index) => {
    bytes += JSON.stringify(message.content).length
    return bytes > bytesMax && index > 0
  })
  if (cut === -1) return changes
  const messages = changes.messages.slice(0, cut)
  return { ...changes, messages, version: messages.at(-1)?.version ?? changes.version, hasMore: true }
}
