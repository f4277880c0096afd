import { groupBy } from './group-by.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** A number that a user was acknowledged at a time. */
interface Acknowledged {
  end: number
  value: number
}

/** P12: later reads of a user show what the user was acknowledged, by whichever server; search does in the end. */
export function readYourWrites(world: World): Verdict {
  const verdict = new Verdict('P12')
  const writes = world.operations.flatMap(({ f, result, user, in: given, out, end }) => {
    if (result !== 'ok' || !/^(send|edit|recall)$/.test(f)) return []
    const [payload] = Object.values(out) as { message: { id: string; seq: number; version: number } }[]
    if (!payload) return []
    const { message } = payload
    return [{ user, end, message, conversation: f === 'send' ? String(given.conversationId) : null }]
  })
  const numbers = newest(
    writes.filter(({ conversation }) => conversation !== null),
    ({ user, conversation, message, end }) => [`${user} ${conversation}`, { end, value: message.seq }],
  )
  for (const { user, conversation, begin, end, maxSeq, via } of world.counts) {
    const sent = via === 'event' ? 0 : numbers(`${user} ${conversation}`, begin)
    if (maxSeq !== null && sent > 0)
      verdict.examine(
        'stale-read',
        maxSeq < sent && `${user} read ${conversation} up to ${maxSeq} after sending ${sent}`,
        end,
      )
  }
  const versions = newest(writes, ({ user, message, end }) => [
    `${user} ${message.id}`,
    { end, value: message.version },
  ])
  for (const { user, id, seq, conversation, version, via, begin, end } of world.sights) {
    const written = /^(event|search|find)$/.test(via) ? 0 : versions(`${user} ${id}`, begin)
    if (written > 0)
      verdict.examine(
        'stale-read',
        version < written &&
          `${user} read ${conversation} ${seq} in version ${version} by ${via} after writing ${written}`,
        end,
      )
  }
  found(world, verdict)
  return verdict
}

/** The searches of the end are repeated until they find their message, or for as long as is promised. */
function found(world: World, verdict: Verdict): void {
  const searches = world.acknowledged('find')
  for (const [name, own] of groupBy(
    searches,
    ({ user, in: given }) => `${user} ${String(given.messageId)}`,
  )) {
    const last = own.at(-1)
    const isFound = JSON.stringify(last?.out ?? {}).includes(String(last?.in.messageId))
    verdict.examine('not-found', !isFound && `${name} is not found by "${String(last?.in.query)}"`, last?.end)
  }
}

/** The greatest number of a key that was acknowledged before a time; 0 if there is none. */
function newest<Write>(writes: Write[], read: (write: Write) => [key: string, acknowledged: Acknowledged]) {
  const groups = new Map<string, Acknowledged[]>()
  for (const [key, own] of groupBy(writes.map(read), ([name]) => name)) {
    let greatest = 0
    const sorted = own.map(([, each]) => each).sort((a, b) => a.end - b.end)
    groups.set(
      key,
      sorted.map(({ end, value }) => {
        greatest = Math.max(greatest, value)
        return { end, value: greatest }
      }),
    )
  }
  return (key: string, before: number): number => {
    const own = groups.get(key) ?? []
    let [low, high] = [0, own.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((own[middle] as Acknowledged).end < before) low = middle + 1
      else high = middle
    }
    return own[low - 1]?.value ?? 0
  }
}
