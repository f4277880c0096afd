import { isConversation } from './event.ts'

/** A field, with the version of its object and the time of the event or request that delivered it. */
interface Field {
  value: unknown
  version: number | null
  at: number
}

export interface Newest {
  /** The time at which a request is sent. */
  now(): number
  /** An answer in which nothing is older than what was delivered before. An event has no time of a request. */
  read<Data>(data: Data, since?: number): Data
  /** Another user has other fields. */
  clear(): void
}

type Fields = Record<string, unknown>

/** Where an object is in what was delivered. */
interface Place {
  since: number
  /** That of the object around it; null if it has none. */
  version: number | null
  /** Levels below an event; null in an answer. */
  depth: number | null
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPage = (value: unknown) => isObject(value) && ('nodes' in value || 'edges' in value)

const keyOf = ({ __typename, id }: Fields) => `${String(__typename)}:${String(id)}`

const mapValues = (fields: Fields, map: (value: unknown, name: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, map(value, name)]))

/** A conversation that the viewer has left since, or what is nothing without it, such as its edge. */
const gone = Symbol('gone')
/** Queries may select objects within each other, such as the conversation of its last message. */
const levelsMax = 8

/**
 * Replaces fields of objects by newer ones, since a normalised cache takes whichever comes last. For the same version, what
 * an event delivered after a request is newer than its answer. Objects without a version are compared by time, if they are
 * the subject of an event or a membership.
 */
export function createNewest(limit = 10_000): Newest {
  const objects = new Map<string, Map<string, Field>>()
  const removed = new Map<string, number>()
  let tick = 0

  function newer(key: string, fields: Fields, version: number | null, since: number): Fields {
    const held = objects.get(key) ?? new Map<string, Field>()
    objects.delete(key)
    objects.set(key, held)
    const [oldest] = objects.keys()
    if (objects.size > limit && oldest !== undefined) objects.delete(oldest)
    return mapValues(fields, (value, name) => {
      const before = held.get(name)
      if (isPage(value)) return value
      if (before && isOlder(version, since, before)) return current(over(value, before.value))
      held.set(name, { value, version: version ?? before?.version ?? null, at: since })
      return value
    })
  }

  /** A value that was delivered some time ago, with the newest fields of the objects in it. */
  function current(value: unknown, levels = levelsMax): unknown {
    if (Array.isArray(value)) return value.map((item) => current(item, levels))
    if (!isObject(value) || levels === 0) return value
    const held = objects.get(keyOf(value))
    return mapValues(value, (item, name) => {
      const field = held?.get(name)
      return current(field ? over(item, field.value) : item, levels - 1)
    })
  }

  /** What was selected, with the newer value of what is held of it. */
  function over(selected: unknown, held: unknown): unknown {
    if (!isObject(selected) || !isObject(held)) return held
    const known = selected.id === held.id ? selected : mapValues(selected, (_, name) => fieldOf(held, name))
    const found = Object.entries(held).filter(([name]) => name in selected || selected.id !== held.id)
    return { ...known, ...Object.fromEntries(found) }
  }

  const fieldOf = (object: Fields, name: string) => objects.get(keyOf(object))?.get(name)?.value

  function walk(value: unknown, place: Place): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, place)).filter((item) => item !== gone)
    if (!isObject(value)) return value
    const { __typename, id } = value
    const { since, depth } = place
    if (isConversation(value) && since < (removed.get(String(id)) ?? since)) return gone
    const own = typeof value.version === 'number' ? value.version : null
    const inner = { since, version: own, depth: depth === null ? null : depth + 1 }
    const all = mapValues(value, (item) => walk(item, inner))
    if (typeof id !== 'string') return Object.values(all).includes(gone) ? gone : all
    const fields = withoutGone(all)
    const key = keyOf(value)
    const isMembership = __typename === 'Membership'
    const isTracked = own !== null || isMembership || depth === 2 || objects.has(key)
    return isTracked ? newer(key, fields, isMembership ? place.version : own, since) : fields
  }

  return {
    now: () => tick,
    read(data, since) {
      tick += 1
      if (!isObject(data)) return data
      if (since === undefined) noteRemovals(data.inbox)
      const place = { since: since ?? tick, version: null, depth: since === undefined ? 1 : null }
      return withoutGone(mapValues(data, (value) => walk(value, place))) as typeof data
    },
    clear() {
      objects.clear()
      removed.clear()
    },
  }

  function noteRemovals(event: unknown): void {
    if (!isObject(event)) return
    if (event.__typename === 'ConversationRemoved') removed.set(String(event.conversationId), tick)
    else if (isObject(event.conversation)) removed.delete(String(event.conversation.id))
  }
}

const withoutGone = (fields: Fields) => mapValues(fields, (value) => (value === gone ? null : value))

const isOlder = (version: number | null, since: number, before: Field) =>
  version === null || before.version === null || version === before.version
    ? since < before.at
    : version < before.version
