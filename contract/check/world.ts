import type { Line } from '../history.ts'
import { type History, historyOf, type Operation } from './model.ts'
import { type Count, observationsOf, type Sight } from './observations.ts'

/** A time during which a user is no member: after one number, and before another. */
export interface Absence {
  conversation: string
  user: string
  from: number
  until: number
}

/** A history with what the checks share. */
export interface World extends History {
  sights: Sight[]
  counts: Count[]
  /** The last full read of each user: conversation → messages by number. */
  final: Map<string, Map<string, Sight[]>>
  /** The log of each conversation, as the member saw it who saw most. */
  logs: Map<string, Sight[]>
  absences: Absence[]
  userOf: Map<string, string>
  acknowledged: (f: Operation['f']) => Operation[]
}

export function worldOf(lines: Line[]): World {
  const history = historyOf(lines)
  const { sights, counts } = observationsOf(history)
  const final = new Map<string, Map<string, Sight[]>>()
  for (const sight of sights) {
    if (sight.via !== 'final') continue
    const own = final.get(sight.user) ?? new Map<string, Sight[]>()
    final.set(sight.user, own)
    const log = own.get(sight.conversation) ?? []
    own.set(sight.conversation, log)
    log.push(sight)
  }
  const logs = new Map<string, Sight[]>()
  for (const own of final.values())
    for (const [conversation, log] of own) {
      log.sort((a, b) => a.seq - b.seq)
      if (log.length > (logs.get(conversation)?.length ?? 0)) logs.set(conversation, log)
    }
  // A search names no conversation; ids are unique over all of them.
  const places = new Map([...logs].flatMap(([id, log]) => log.map((message) => [message.id, id] as const)))
  for (const sight of sights) if (sight.conversation === '?') sight.conversation = places.get(sight.id) ?? '?'
  const userOf = new Map(
    history.lines.flatMap((line) => (line.ph === 'phase' && line.users ? Object.entries(line.users) : [])),
  )
  return {
    ...history,
    ...{ sights, counts, final, logs, userOf },
    absences: [...logs].flatMap(([conversation, log]) => absencesIn(conversation, log, userOf)),
    acknowledged: (f) => history.operations.filter((each) => each.f === f && each.result === 'ok'),
  }
}

/** The log itself says when a user was removed and added: by the system messages that took numbers in it. */
function absencesIn(conversation: string, log: Sight[], userOf: Map<string, string>): Absence[] {
  const absences: Absence[] = []
  for (const { seq, system } of log) {
    for (const id of system?.subjects ?? []) {
      const user = userOf.get(id) ?? id
      if (system?.event === 'MEMBER_REMOVED')
        absences.push({ conversation, user, from: seq, until: Number.POSITIVE_INFINITY })
      const open = absences.findLast((each) => each.user === user)
      if (system?.event === 'MEMBERS_ADDED' && open) open.until = Math.min(open.until, seq)
    }
  }
  return absences
}
