import { type Repeated, repeated } from '../transport/repeated.ts'
import type { Wake } from '../transport/wake.ts'
import { conversationIdOf, type InboxEvent, isConversation } from './event.ts'

/** The changes after a version, once the cache has them; null if the viewer is no longer a member. */
export type Pull = (
  conversationId: string,
  afterVersion: number,
) => Promise<{ version: number; hasMore: boolean } | null>

export interface Progress {
  /** An answer, in which conversations with a page of messages have everything up to their version. */
  read(data: unknown): void
  /** The first screen, after which a stream begins: what changed before it and is held has to be pulled. */
  begin(first: unknown): void
  receive(event: InboxEvent): void
  /** Pulls until the returned function is called. What is held is known beyond that. */
  start(pull: Pull): () => void
  clear(): void
}

type Row = { id: string; version: number; page: boolean }

/** The version up to which the cache has each conversation, and the pulls that raise it to that of the stream. */
export function createProgress(wake: Wake): Progress {
  const held = new Map<string, number>()
  const delivered = new Map<string, number>()
  const behind = new Map<string, number>()
  const paged = new Set<string>()
  let work: Repeated | null = null
  let pulling: string | null = null

  function holds(id: string, version: number): void {
    raise(held, id, version)
    raise(delivered, id, version)
  }

  function pullFrom(id: string, version: number): void {
    behind.set(id, Math.min(version, behind.get(id) ?? version))
    work?.run()
  }

  /** For an event: a pull that is running compares what it brought with what was delivered. */
  function catchUp(id: string, from: number): void {
    if (id !== pulling) pullFrom(id, from)
  }

  async function pullAll(pull: Pull, isStopped: () => boolean): Promise<void> {
    for (let [next] = behind; next && !isStopped(); [next] = behind) {
      const [id, from] = next
      behind.delete(id)
      pulling = id
      const changes = await pull(id, from)
        .catch((error: unknown) => {
          pullFrom(id, from)
          throw error
        })
        .finally(() => {
          pulling = null
        })
      if (changes) holds(id, changes.version)
      const reached = changes?.version ?? held.get(id)
      if (reached === undefined || (!changes?.hasMore && reached >= (delivered.get(id) ?? 0))) continue
      // A page with an older version, read meanwhile, may be in `behind` already: the lower one includes the other.
      pullFrom(id, reached)
      // A server that does not know yet what it signalled is asked again after a pause.
      if (reached <= from) throw new Error('The server is behind its own signal.')
    }
  }

  return {
    read(data) {
      for (const { id, version, page } of rowsIn(data)) {
        if (page) paged.add(id)
        if (page && version < (delivered.get(id) ?? 0)) pullFrom(id, version)
        // A later page does not have what changed in earlier ones, so only the stream and pulls raise the version.
        else if (!held.has(id)) holds(id, version)
      }
    },
    begin(first) {
      const listed = new Map(rowsIn(first).map(({ id, version }) => [id, version]))
      for (const [id, version] of held) {
        const newest = listed.get(id)
        if (newest === undefined ? !paged.has(id) : newest <= version) continue
        raise(delivered, id, newest ?? version)
        pullFrom(id, version)
      }
    },
    receive(event) {
      const id = conversationIdOf(event)
      if (!id) return
      const { version = 0, fromVersion = 0 } = event
      if (event.__typename === 'MessagesChanged') {
        raise(delivered, id, version)
        const before = held.get(id) ?? version
        if (before >= fromVersion) raise(held, id, version)
        else catchUp(id, before)
      } else if (event.__typename === 'ConversationSignal') {
        raise(delivered, id, version)
        // Of a conversation that was never loaded, only the current state is pulled.
        const before = held.get(id)
        if (before === undefined || before < version) catchUp(id, before ?? version)
      } else if (event.__typename === 'ConversationChanged') {
        if (!held.has(id)) holds(id, event.conversation?.version ?? 0)
      } else if (event.__typename === 'ConversationRemoved') {
        paged.delete(id)
        for (const versions of [held, delivered, behind]) versions.delete(id)
      }
    },
    start(pull) {
      const mine: Repeated = repeated(() => pullAll(pull, () => work !== mine), wake)
      work = mine
      mine.run()
      return () => {
        mine.stop()
        if (work === mine) work = null
      }
    },
    clear() {
      paged.clear()
      for (const versions of [held, delivered, behind]) versions.clear()
    },
  }
}

function raise(versions: Map<string, number>, id: string, to: number): void {
  versions.set(id, Math.max(versions.get(id) ?? 0, to))
}

function rowsIn(value: unknown): Row[] {
  if (Array.isArray(value)) return value.flatMap(rowsIn)
  if (typeof value !== 'object' || value === null) return []
  const fields = value as Record<string, unknown>
  const parts = Object.values(fields)
  const inner = parts.flatMap(rowsIn)
  const { id, version } = fields
  if (!isConversation(fields) || typeof version !== 'number') return inner
  const page = parts.some(
    (part) => (part as { __typename?: string } | null)?.__typename === 'MessageConnection',
  )
  return [...inner, { id: String(id), version, page }]
}
