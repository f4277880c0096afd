import { groupBy } from './group-by.ts'
import { Verdict } from './verdict.ts'
import type { World } from './world.ts'

/** P13: nothing later than a removal is seen. P14: and nothing is sent. P15: a joiner sees what the setting says. */
export function fences(world: World): Verdict[] {
  const [reading, writing, joining] = [new Verdict('P13'), new Verdict('P14'), new Verdict('P15')]
  const absencesOf = groupBy(world.absences, ({ conversation, user }) => `${conversation} ${user}`)
  for (const { user, conversation, seq, via, end, begin } of world.sights) {
    for (const { from, until } of absencesOf.get(`${conversation} ${user}`) ?? []) {
      const isBetween = from < seq && seq < until
      reading.examine(
        'fence',
        isBetween && `${user} saw ${conversation} ${seq} by ${via}, removed at ${from}`,
        end,
      )
      // With the history since joining, what was before the last return is out of reach from then on.
      const returned = world.operations.find(
        (each) => each.f === 'add' && each.result === 'ok' && maxSeqOf(each.out) === until,
      )
      if (returned && begin > returned.end && via !== 'event')
        joining.examine(
          'history-before-joining',
          seq < until && `${user} saw ${conversation} ${seq} by ${via}, joined at ${until}`,
          end,
        )
    }
  }
  for (const [conversation, log] of world.logs)
    for (const { seq, sender, key } of log) {
      if (!sender || !key) continue
      const user = world.userOf.get(sender) ?? sender
      for (const { from, until } of absencesOf.get(`${conversation} ${user}`) ?? [])
        writing.examine(
          'sent-after-removal',
          from < seq && seq < until && `${user} sent ${conversation} ${seq}, removed at ${from}`,
        )
    }
  return [reading, writing, joining]
}

const maxSeqOf = (out: Record<string, unknown>) =>
  (out.addGroupMembers as { conversation: { maxSeq: number } } | undefined)?.conversation.maxSeq

/** P16: to a removed user the conversation does not exist. */
export function noOracle(world: World): Verdict {
  const verdict = new Verdict('P16')
  const churn = world.operations.filter(({ f }) => f === 'add' || f === 'remove')
  for (const { user, in: given, begin, end, result, code, f } of world.operations) {
    if (f !== 'send') continue
    const own = churn.filter(
      (each) => each.in.groupId === given.conversationId && world.userOf.get(String(each.in.userId)) === user,
    )
    const last = own.findLast((each) => each.begin < end)
    if (last?.f === 'remove' && last.result === 'ok' && last.end < begin)
      verdict.examine(
        'oracle',
        result === 'fail' && !/^(NOT_FOUND|UNAVAILABLE)$/.test(code ?? '') && `${user} got ${code}`,
        end,
      )
  }
  return verdict
}
