import { type ConversationChanges, loadChanges } from '../../message/history/changes.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** The changes of one conversation after one version, loaded once for all streams. */
export interface LoadedChanges extends ConversationChanges {
  fromVersion: number
  /** The members, and the number of the first message that each may see. */
  visibleFrom: ReadonlyMap<string, number>
  /** Whether content was erased since the changes were read. */
  isOutdated(): boolean
  /** Reads the same changes again. */
  reload(): Promise<LoadedChanges | null>
}

interface Loading {
  at: number
  toVersion: number
  changes: Promise<LoadedChanges | null>
}

/** Long enough for all sockets of one burst, short enough that recalled content does not stay. */
const keptMs = 200
const keptMax = 2_000
const messagesMax = 100
const bytesMax = 128 * 1024

/**
 * Shares loaded changes between the streams of this process. Changes older than a known version are never used, so a
 * recall applies to everything that is not written to a socket yet.
 */
export class RecentChanges {
  readonly #sql: Sql
  readonly #loading = new Map<string, Loading>()
  readonly #members = new Map<string, { settingsVersion: number; visibleFrom: ReadonlyMap<string, number> }>()
  readonly #known = new Map<string, number>()
  readonly #erased = new Map<string, number>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** A newer version of the conversation exists. */
  noteVersion(conversationId: string, version: number): void {
    if (version > (this.#known.get(conversationId) ?? 0)) setBounded(this.#known, conversationId, version)
  }

  /** Drops everything: it may belong to a lost history. */
  reset(): void {
    for (const map of [this.#loading, this.#members, this.#known, this.#erased]) map.clear()
  }

  /** A message was erased with this version of the conversation. */
  noteErasure(conversationId: string, version: number): void {
    this.noteVersion(conversationId, version)
    if (version > (this.#erased.get(conversationId) ?? 0)) setBounded(this.#erased, conversationId, version)
  }

  /** The changes after a version, at least as new as `toVersion`. */
  load(conversationId: string, fromVersion: number, toVersion: number): Promise<LoadedChanges | null> {
    this.noteVersion(conversationId, toVersion)
    const key = `${conversationId} ${fromVersion}`
    const wanted = this.#known.get(conversationId) ?? toVersion
    const cached = this.#loading.get(key)
    if (cached && cached.toVersion >= wanted && Date.now() - cached.at < keptMs) return cached.changes
    const changes = this.#read(conversationId, fromVersion)
    setBounded(this.#loading, key, { at: Date.now(), toVersion: wanted, changes })
    changes.catch(() => this.#loading.delete(key))
    return changes
  }

  async #read(conversationId: string, fromVersion: number): Promise<LoadedChanges | null> {
    const changes = await loadChanges(this.#sql, conversationId, fromVersion, messagesMax)
    if (!changes) return null
    const { settingsVersion, version } = changes.conversation
    const visibleFrom = await this.#membersAt(conversationId, settingsVersion)
    return {
      ...withinBytes(changes),
      fromVersion,
      visibleFrom,
      isOutdated: () => (this.#erased.get(conversationId) ?? 0) > version,
      reload: () => this.load(conversationId, fromVersion, version),
    }
  }

  async #membersAt(conversationId: string, settingsVersion: number): Promise<ReadonlyMap<string, number>> {
    const cached = this.#members.get(conversationId)
    if (cached && cached.settingsVersion >= settingsVersion) return cached.visibleFrom
    const rows = await this.#sql.query<{ userId: string; visibleFromSeq: number }>(
      `select user_id as "userId", visible_from_seq as "visibleFromSeq" from membership where conversation_id = $1`,
      [conversationId],
    )
    const visibleFrom = new Map(rows.map((row) => [row.userId, row.visibleFromSeq]))
    setBounded(this.#members, conversationId, { settingsVersion, visibleFrom })
    return visibleFrom
  }
}

/** Sets an entry, and drops the oldest one if there are too many. */
function setBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= keptMax) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

/** Shortens a page that is too large for one event; the next one has the rest. */
function withinBytes(changes: ConversationChanges): ConversationChanges {
  let bytes = 0
  const cut = changes.messages.findIndex((message, index) => {
    bytes += JSON.stringify(message.content).length
    return bytes > bytesMax && index > 0
  })
  if (cut === -1) return changes
  const messages = changes.messages.slice(0, cut)
  return { ...changes, messages, version: messages.at(-1)?.version ?? changes.version, hasMore: true }
}
