import { groupBy } from './group-by.ts'
import { troubled } from './model.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

interface Acknowledged {
  begin: number
  end: number
  key: string
  conversation: string
  id: string
  seq: number
  sentAt: string
}

const sendsOf = (world: World): Acknowledged[] =>
  world.acknowledged('send').map(({ begin, end, in: given, out }) => {
    const { message } = out.sendMessage as { message: { id: string; seq: number; sentAt: string } }
    return { begin, end, key: String(given.key), conversation: String(given.conversationId), ...message }
  })

/** P1: what was acknowledged is in the log. */
export function noneLost(world: World): Verdict {
  const verdict = new Verdict('P1')
  const stored = new Map([...world.logs].flatMap(([id, log]) => log.map((m) => [`${id} ${m.seq}`, m.id])))
  for (const { key, conversation, seq, id, end } of sendsOf(world)) {
    const found = stored.get(`${conversation} ${seq}`)
    verdict.examine(
      'lost-write',
      found !== id && `${key} was acknowledged as ${conversation} ${seq}, found ${found}`,
      end,
    )
  }
  return verdict
}

/** P2: one key, one message. P3: one key, one answer. */
export function exactlyOnce(world: World): Verdict[] {
  const [once, same] = [new Verdict('P2'), new Verdict('P3')]
  const places = new Map<string, Set<string>>()
  for (const [conversation, log] of world.logs)
    for (const { key, sender, seq } of log)
      if (key)
        places.set(
          `${sender} ${key}`,
          (places.get(`${sender} ${key}`) ?? new Set()).add(`${conversation} ${seq}`),
        )
  for (const [key, found] of places)
    once.examine('duplicate', found.size > 1 && `${key} is at ${[...found].join(' and ')}`)
  const ids = new Map<string, string>()
  const answers = new Map<string, string>()
  for (const { key, id, seq, sentAt, end } of sendsOf(world)) {
    const firstId = ids.get(key) ?? id
    ids.set(key, firstId)
    once.examine('duplicate', firstId !== id && `${key} is ${firstId} and ${id}`, end)
    const answer = `${id} ${seq} ${sentAt}`
    const first = answers.get(key)
    if (first !== undefined)
      same.examine('other-answer', first !== answer && `${key}: ${first}, then ${answer}`, end)
    answers.set(key, first ?? answer)
  }
  const acknowledged = new Map<string, number>()
  for (const { key, end } of sendsOf(world))
    acknowledged.set(key, Math.min(end, acknowledged.get(key) ?? end))
  for (const { f, in: given, begin, end, result, code } of world.operations) {
    const since = f === 'send' ? acknowledged.get(String(given.key)) : undefined
    if (since !== undefined && begin > since)
      same.examine(
        'retry-refused',
        result === 'fail' && code !== 'UNAVAILABLE' && `${String(given.key)} was refused with ${code}`,
        end,
      )
  }
  return [once, same]
}

/** P4: numbers without holes, each for one message. */
export function noHoles(world: World): Verdict {
  const verdict = new Verdict('P4')
  for (const [conversation, log] of world.logs)
    for (const [index, { seq }] of log.entries())
      verdict.examine('hole', seq !== index + 1 && `${conversation}: ${seq} is at place ${index + 1}`)
  const ids = new Map<string, string>()
  for (const { conversation, seq, id, via, end } of world.sights) {
    if (conversation === '?') continue
    const place = `${conversation} ${seq}`
    const first = ids.get(place) ?? id
    ids.set(place, first)
    verdict.examine('inconsistent-number', first !== id && `${place} is ${first} and, by ${via}, ${id}`, end)
  }
  return verdict
}

/** P5: the order of acknowledgement and invocation is that of the numbers. */
export function realTimeOrder(world: World): Verdict {
  const verdict = new Verdict('P5')
  const byConversation = groupBy(sendsOf(world), ({ conversation }) => conversation)
  for (const [conversation, sends] of byConversation) {
    const first = new Map<string, Acknowledged>()
    for (const send of sends) if (!first.has(send.key)) first.set(send.key, send)
    // A retry finds a message that may be older than the invocation.
    const attempts = world.operations.filter(
      ({ f, in: given }) => f === 'send' && given.conversationId === conversation,
    )
    const beginOf = new Map<string, number>()
    for (const { in: given, begin } of attempts)
      beginOf.set(String(given.key), Math.min(begin, beginOf.get(String(given.key)) ?? begin))
    const ended = [...first.values()].sort((a, b) => a.end - b.end)
    let at = 0
    let latest: Acknowledged | null = null
    for (const send of [...first.values()].sort(
      (a, b) => (beginOf.get(a.key) ?? 0) - (beginOf.get(b.key) ?? 0),
    )) {
      for (; (ended[at]?.end ?? Number.POSITIVE_INFINITY) < (beginOf.get(send.key) ?? 0); at += 1)
        if (!latest || (ended[at]?.seq ?? 0) > latest.seq) latest = ended[at] ?? latest
      verdict.examine(
        'inversion',
        latest !== null &&
          latest.seq > send.seq &&
          `${send.key} has ${send.seq} after ${latest.key} with ${latest.seq}`,
        send.end,
      )
    }
  }
  return verdict
}

/** P6: a key that only failed is in no log. */
export function failedIsAbsent(world: World): Verdict {
  const verdict = new Verdict('P6')
  const stored = new Set([...world.logs.values()].flat().map(({ key }) => key))
  const byKey = groupBy(
    world.operations.filter(({ f }) => f === 'send'),
    (operation) => String(operation.in.key),
  )
  for (const [key, attempts] of byKey)
    if (attempts.every(({ result }) => result === 'fail'))
      verdict.examine(
        'aborted-read',
        stored.has(key) && `${key} was refused with ${attempts[0]?.code} and is stored`,
      )
  return verdict
}

/** P7: times do not decrease. */
export function timesInOrder(world: World): Verdict {
  const verdict = new Verdict('P7')
  for (const [conversation, log] of world.logs)
    for (const [index, { seq, sentAt }] of log.entries()) {
      const before = log[index - 1]?.sentAt ?? ''
      verdict.examine(
        'time-inversion',
        sentAt < before && `${conversation} ${seq}: ${sentAt} after ${before}`,
      )
    }
  return verdict
}

/** P25: what fails must be no more than what the missing part is for; nothing is acknowledged without a database. */
export function availability(world: World): Verdict {
  const verdict = new Verdict('P25')
  const others = /^(kill|stop|term|postgres)/
  for (const { f, begin, end, result, code, in: given } of world.operations) {
    if (f !== 'send' && f !== 'history') continue
    const isOver = (name: RegExp) =>
      world.troubles.some((t) => name.test(t.name) && t.holds < begin && end < t.heals)
    if (isOver(/^(redis|bus|meilisearch)/) && !troubled(world, begin - 3_000, end, others))
      verdict.examine(
        'needless-failure',
        (result === 'info' || code === 'UNAVAILABLE') && `${f} ended with ${code}`,
        end,
      )
    if (f === 'send' && isOver(/^postgres-(refuse|crash)/))
      verdict.examine(
        'acknowledged-without-database',
        result === 'ok' && `${String(given.key)} was acknowledged`,
        end,
      )
  }
  return verdict
}
