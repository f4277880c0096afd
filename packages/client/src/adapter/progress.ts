import { type Repeated, repeated } from '../transport/repeated.ts'
import type { Wake } from '../transport/wake.ts'
import { conversationIdOf, type InboxEvent } from './event.ts'

/** The changes after a version, once the cache has them; null if the viewer is no longer a member. */
export type Pull = (
  conversationId: string,
  afterVersion: number,
) => Promise<{ version: number; hasMore: boolean } | null>

export interface Progress {
  /** An answer, in which conversations with a page of messages have everything up to their version. */
  read(data: unknown): void
  receive(event: InboxEvent): void
  stop(): void
}

type Row = { id: string; version: number; page: boolean }

/** The version up to which the cache has each conversation, and the pulls that raise it to that of the stream. */
export function createProgress(pull: Pull, wake: Wake): Progress {
  const held = new Map<string, number>()
  const delivered = new Map<string, number>()
  const behind = new Map<string, number>()
  const work: Repeated = repeated(pullAll, wake)
  let pulling: string | null = null

  function holds(id: string, version: number): void {
    raise(held, id, version)
    raise(delivered, id, version)
  }

  function pullFrom(id: string, version: number): void {
    behind.set(id, Math.min(version, behind.get(id) ?? version))
    work.run()
  }

  /** For an event: a pull that is running compares what it brought with what was delivered. */
  function catchUp(id: string): void {
    if (id !== pulling) pullFrom(id, held.get(id) ?? 0)
  }

  async function pullAll(): Promise<void> {
    for (let [next] = behind; next; [next] = behind) {
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
      // A page with an older version, read meanwhile, is in `behind` again, also if that version is `from`.
      if (changes && !behind.has(id) && (changes.hasMore || changes.version < (delivered.get(id) ?? 0)))
        behind.set(id, changes.version)
    }
  }

  return {
    read(data) {
      for (const { id, version, page } of rowsIn(data)) {
        if (page && version < (delivered.get(id) ?? 0)) pullFrom(id, version)
        else if (page || !held.has(id)) holds(id, version)
      }
    },
    receive(event) {
      const id = conversationIdOf(event)
      if (!id) return
      const { version = 0, fromVersion = 0 } = event
      if (event.__typename === 'MessagesChanged') {
        raise(delivered, id, version)
        if ((held.get(id) ?? version) >= fromVersion) raise(held, id, version)
        else catchUp(id)
      } else if (event.__typename === 'ConversationSignal') {
        raise(delivered, id, version)
        if ((held.get(id) ?? 0) < version) catchUp(id)
      } else if (event.__typename === 'ConversationChanged') {
        if (!held.has(id)) holds(id, event.conversation?.version ?? 0)
      } else if (event.__typename === 'ConversationRemoved') {
        for (const versions of [held, delivered, behind]) versions.delete(id)
      }
    },
    stop: work.stop,
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
  const { __typename, id, version } = fields
  if (!String(__typename).endsWith('Conversation') || typeof version !== 'number') return inner
  const page = parts.some(
    (part) => (part as { __typename?: string } | null)?.__typename === 'MessageConnection',
  )
  return [...inner, { id: String(id), version, page }]
}
