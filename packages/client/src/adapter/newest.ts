/** A field, with the version of its object and the time of the event or request that delivered it. */
interface Field {
  value: unknown
  version: number
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

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPage = (value: unknown) => isObject(value) && ('nodes' in value || 'edges' in value)

/**
 * Replaces fields of messages and conversations by newer ones, since a normalised cache takes whichever comes last. For
 * the same version, what an event delivered after a request is newer than its answer.
 */
export function createNewest(limit = 10_000): Newest {
  const objects = new Map<string, Map<string, Field>>()
  let tick = 0

  function newer(key: string, fields: Fields, version: number, since: number): Fields {
    const held = objects.get(key) ?? new Map<string, Field>()
    objects.delete(key)
    objects.set(key, held)
    const result = Object.entries(fields).map(([name, value]) => {
      const before = held.get(name)
      if (isPage(value)) return [name, value]
      if (before && (version < before.version || (version === before.version && since < before.at)))
        return [name, over(value, before.value)]
      held.set(name, { value, version, at: since })
      return [name, value]
    })
    const [oldest] = objects.keys()
    if (objects.size > limit && oldest !== undefined) objects.delete(oldest)
    return Object.fromEntries(result)
  }

  function walk(value: unknown, since: number): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, since))
    if (!isObject(value)) return value
    const fields = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, since)]))
    const { __typename, id, version } = value
    if (typeof id !== 'string' || typeof version !== 'number') return fields
    return newer(`${String(__typename)}:${id}`, fields, version, since)
  }

  return {
    now: () => tick,
    read(data, since) {
      tick += 1
      return walk(data, since ?? tick) as typeof data
    },
    clear: () => objects.clear(),
  }
}

/** What was selected, with the newer value of what is held of it. */
const over = (selected: unknown, held: unknown): unknown =>
  isObject(selected) && isObject(held) && selected.id === held.id
    ? { ...selected, ...Object.fromEntries(Object.entries(held).filter(([name]) => name in selected)) }
    : held
