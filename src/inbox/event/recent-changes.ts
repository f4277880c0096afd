import { type ConversationChanges, loadChanges } from '../../message/history/changes.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** The changes of one conversation after one version, loaded once for all who are to hear of them. */
export interface LoadedChanges extends ConversationChanges {
  fromVersion: number
  /** Who may see the conversation, and from which number on. */
  visibleFrom: ReadonlyMap<string, number>
  /** Whether content that may be in it was removed since it was read. */
  isOutdated(): boolean
  /** The same changes as they are now, for all who ask. */
  reload(): Promise<LoadedChanges | null>
}

interface Loading {
  at: number
  toVersion: number
  changes: Promise<LoadedChanges | null>
}

/** Long enough for all sockets of one burst, short enough that nothing taken back lingers. */
const keptMs = 200
const keptMax = 2_000
const messagesMax = 100
const bytesMax = 128 * 1024

/**
 * Shares what is loaded for delivery between the streams of this process. An entry made for an older version than
 * is known of is never used: a recall reaches whatever was not yet written to a socket.
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
  outdated(conversationId: string, version: number): void {
    if (version > (this.#known.get(conversationId) ?? 0)) remember(this.#known, conversationId, version)
  }

  /** What was loaded and is known may belong to a history that is lost. */
  reset(): void {
    for (const map of [this.#loading, this.#members, this.#known, this.#erased]) map.clear()
  }

  /** Content was removed from the conversation with this version. */
  erased(conversationId: string, version: number): void {
    this.outdated(conversationId, version)
    if (version > (this.#erased.get(conversationId) ?? 0)) remember(this.#erased, conversationId, version)
  }

  /** The changes after a version, at least as new as `toVersion`. */
  load(conversationId: string, fromVersion: number, toVersion: number): Promise<LoadedChanges | null> {
    this.outdated(conversationId, toVersion)
    const key = `${conversationId} ${fromVersion}`
    const wanted = this.#known.get(conversationId) ?? toVersion
    const present = this.#loading.get(key)
    if (present && present.toVersion >= wanted && Date.now() - present.at < keptMs) return present.changes
    const changes = this.#read(conversationId, fromVersion)
    remember(this.#loading, key, { at: Date.now(), toVersion: wanted, changes })
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
    const present = this.#members.get(conversationId)
    if (present && present.settingsVersion >= settingsVersion) return present.visibleFrom
    const rows = await this.#sql.query<{ userId: string; visibleFromSeq: number }>(
      `select user_id as "userId", visible_from_seq as "visibleFromSeq" from membership where conversation_id = $1`,
      [conversationId],
    )
    const visibleFrom = new Map(rows.map((row) => [row.userId, row.visibleFromSeq]))
    remember(this.#members, conversationId, { settingsVersion, visibleFrom })
    return visibleFrom
  }
}

/** Keeps the newest entries. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= keptMax) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

/** Cuts a page that would be too large for one event; what is left out follows in the next. */
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
