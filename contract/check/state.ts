import { groupBy } from './group-by.ts'
import type { Count } from './observations.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** P17: a read position never falls, and never exceeds the log. */
export function readPositions(world: World): Verdict {
  const verdict = new Verdict('P17')
  const positions = world.counts.filter((each) => each.readSeq !== null && each.via !== 'event')
  const fences = returnsOf(world)
  for (const [name, seen] of groupBy(positions, ({ user, conversation }) => `${user} ${conversation}`)) {
    const ended = [...seen].sort((a, b) => a.end - b.end)
    let at = 0
    let highest: Count | null = null
    for (const each of [...seen].sort((a, b) => a.begin - b.begin)) {
      for (; (ended[at]?.end ?? Number.POSITIVE_INFINITY) < each.begin; at += 1)
        if (!highest || (ended[at]?.readSeq ?? 0) > (highest.readSeq ?? 0)) highest = ended[at] ?? highest
      // A user who was removed and added begins again.
      const restarted = (fences.get(name) ?? []).some((t) => highest && highest.end < t && t < each.end)
      verdict.examine(
        'read-regress',
        !restarted &&
          highest !== null &&
          (each.readSeq ?? 0) < (highest.readSeq ?? 0) &&
          `${name} read ${each.readSeq} after ${highest.readSeq}`,
        each.end,
      )
      verdict.examine(
        'read-beyond-end',
        each.maxSeq !== null &&
          (each.readSeq ?? 0) > each.maxSeq &&
          `${name} read ${each.readSeq} of ${each.maxSeq}`,
        each.end,
      )
    }
  }
  return verdict
}

/** When a user was added to a conversation again: `user conversation` → times. */
const returnsOf = (world: World): Map<string, number[]> => {
  const added = groupBy(
    world.acknowledged('add'),
    ({ in: given }) => `${world.userOf.get(String(given.userId))} ${String(given.groupId)}`,
  )
  return new Map([...added].map(([name, operations]) => [name, operations.map(({ end }) => end)]))
}

/** P18: unread is the difference of two numbers, and in the end the number of messages after the position. */
export function unreadCounts(world: World): Verdict {
  const verdict = new Verdict('P18')
  for (const { user, conversation, messageCount, readCount, unreadCount, end, via } of world.counts)
    if (messageCount !== null && readCount !== null && unreadCount !== null)
      verdict.examine(
        'unread-differs',
        unreadCount !== messageCount - readCount &&
          `${user} saw by ${via}: ${unreadCount} of ${conversation}, ${messageCount} - ${readCount}`,
        end,
      )
  for (const { user, conversation, readSeq, unreadCount, via, end } of world.counts) {
    if (via !== 'final' || readSeq === null || unreadCount === null) continue
    const log = world.final.get(user)?.get(conversation) ?? []
    const unread = log.filter(({ seq, system, recalled }) => seq > readSeq && !system && !recalled).length
    verdict.examine(
      'unread-drifted',
      unread !== unreadCount && `${user} has ${unread} unread in ${conversation}, and reads ${unreadCount}`,
      end,
    )
  }
  return verdict
}

/** P26: nothing waits without a bound, apart from the time in which the machine ran nothing of the run. */
export function bounded(world: World, boundMs = 12_000): Verdict {
  const verdict = new Verdict('P26')
  const lags = world.lines.filter((line) => line.ph === 'lag')
  const stops = world.troubles.filter(({ name }) => name === 'stop' || name === 'kill' || name === 'term')
  for (const { f, server, begin, end, code } of world.operations) {
    const isStopped = stops.some((each) => each.server === server && each.begin <= end && begin <= each.end)
    if (isStopped || end === Number.POSITIVE_INFINITY) continue
    const waited = end - begin
    const lagMs =
      waited > boundMs ? lags.reduce((sum, { t, ms }) => sum + (begin < t && t <= end ? ms : 0), 0) : 0
    verdict.examine(
      'unbounded-wait',
      waited > boundMs + lagMs && `${f} took ${Math.round(waited)} ms (${code ?? 'ok'}), ${lagMs} ms of lag`,
      end,
    )
  }
  return verdict
}

/** P28: a server that is asked to end closes its sockets with 1012, and ends with 0 within 30 s. */
export function drained(world: World): Verdict {
  const verdict = new Verdict('P28')
  for (const { name, server, begin, end, detail } of world.troubles) {
    if (name !== 'term' || end === Number.POSITIVE_INFINITY) continue
    const { code, ms } = detail as { code: number | null; ms: number }
    verdict.examine(
      'exit',
      (code !== 0 || ms > 30_000) && `server ${server} ended with ${code} after ${Math.round(ms)} ms`,
      end,
    )
    for (const { ph, t, code, device, user, server: of } of world.streams)
      if (ph === 'close' && code !== undefined && of === server && begin <= t && t <= end)
        verdict.examine('close-code', code !== 1012 && `${user} ${device} was closed with ${code}`, t)
  }
  return verdict
}
