import { groupBy } from './group-by.ts'
import { troubled } from './model.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** What a socket was sent before the acknowledgement may still arrive. */
const inFlightMs = 1_000

/** P20: after a recall, no answer contains the text. P21: nor a quote of it. */
export function recalled(world: World): Verdict[] {
  const [content, quotes] = [new Verdict('P20'), new Verdict('P21')]
  const recalls = new Map<string, number>()
  for (const { in: given, end } of world.acknowledged('recall')) {
    const id = String(given.messageId)
    recalls.set(id, Math.min(end, recalls.get(id) ?? end))
  }
  const ids = new Map([...world.logs].flatMap(([id, log]) => log.map((m) => [`${id} ${m.seq}`, m.id])))
  for (const { id, text, via, begin, server, user, end, quote, conversation } of world.sights) {
    const isAfter = (t: number | undefined) =>
      t !== undefined &&
      (via === 'event'
        ? begin > t + inFlightMs && !troubled(world, t - inFlightMs, begin, /^stop$/, server)
        : begin > t)
    if (isAfter(recalls.get(id)))
      content.examine('recall-leak', /^word/.test(text) && `${user} saw "${text}" of ${id} by ${via}`, end)
    const quotedId = quote && ids.get(`${conversation} ${quote.seq}`)
    if (quote && quotedId && isAfter(recalls.get(quotedId)))
      quotes.examine(
        'quote-leak',
        /^word/.test(quote.text) && `${user} saw "${quote.text}" quoted by ${via}`,
        end,
      )
  }
  for (const { f, result, in: given, out, begin, end } of world.operations) {
    if (f !== 'search' || result !== 'ok') continue
    const found = JSON.stringify(out)
    for (const [id, t] of recalls)
      if (begin > t && found.includes(id))
        content.examine('recall-found', `a search for ${String(given.query)} found ${id}`, end)
  }
  return [content, quotes]
}

/** P22: the last edit wins, and none lands after a recall. */
export function editsInOrder(world: World): Verdict {
  const verdict = new Verdict('P22')
  const log = [...world.logs.values()].flat()
  const recalls = new Set(world.acknowledged('recall').map((each) => String(each.in.messageId)))
  const edits = groupBy(
    world.operations.filter(({ f, result }) => f === 'edit' && result !== 'fail'),
    (each) => String(each.in.messageId),
  )
  for (const { id, text, recalled: isRecalled, seq, conversation } of log) {
    const place = `${conversation} ${seq}`
    if (recalls.has(id)) {
      verdict.examine('edit-after-recall', !isRecalled && `${place} was recalled and is "${text}"`)
      continue
    }
    const own = edits.get(id)
    if (!own || isRecalled) continue
    const versionOf = (each: (typeof own)[number]) =>
      (each.out.editMessage as { message: { version: number } } | undefined)?.message.version ?? 0
    const last = own.filter(({ result }) => result === 'ok').sort((a, b) => versionOf(b) - versionOf(a))[0]
    const possible = [last, ...own.filter(({ result }) => result === 'info')].map((each) => each?.in.text)
    if (last)
      verdict.examine(
        'lost-edit',
        !possible.includes(text) && `${place} is "${text}" after "${String(last.in.text)}"`,
      )
  }
  return verdict
}
