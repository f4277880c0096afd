import type { Bus } from '../platform/bus/bus.ts'
import type { Sql } from '../platform/db/sql.ts'
import type { Tracing } from '../platform/tracing/tracing.ts'
import type { Change } from '../transaction.ts'
import { changesForMembers, type Deliverable } from './deliverable.ts'
import { numberStreams, type StreamNumber } from './number-streams.ts'

declare module '../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.recipients'?: number
  }
}

/** A change with its number in the user's stream. */
export interface NumberedChange {
  change: Change
  number: StreamNumber
}

export const userTopic = (userId: string) => `user:${userId}`

/** What a transaction numbered, and what it delivered by that. */
export interface Announced {
  numbered: NumberedChange[]
  /** Ages of the newest delivered messages in seconds, one per conversation. */
  ages: number[]
  /** Whether it left conversations to the worker. */
  marked: boolean
}

/**
 * The last statement of a transaction, sent at once: gives each change the next number of its user's stream, and delivers
 * conversations to their members or marks them for the worker. Several changes of one subject for one user count once.
 * Requires the locks of the conversations; a transaction that holds a stream must wait for no other lock.
 */
export async function announce(
  sql: Sql,
  changes: readonly Change[],
  deliverables: readonly Deliverable[] = [],
): Promise<Announced> {
  const immediate = deliverables.filter(({ memberIds }) => memberIds !== null)
  const marked = deliverables.filter(({ memberIds }) => memberIds === null)
  const wanted = distinct(changes, changesForMembers(immediate))
  const numbers = await numberStreams(sql, wanted, immediate, marked)
  const numbered = wanted.map((change, index): NumberedChange => {
    const number = numbers[index]
    if (!number) throw new Error(`The stream of ${change.userId} did not move.`)
    return { change, number }
  })
  const withMessages = immediate.filter((each) => each.maxSeq > each.deliveredMaxSeq)
  return { numbered, ages: withMessages.map(({ ageSeconds }) => ageSeconds), marked: marked.length > 0 }
}

/**
 * Each subject of a user once. It is removed only if no change says that it exists; the last hint counts. Those for members
 * are distinct.
 */
function distinct(changes: readonly Change[], forMembers: readonly Change[]): readonly Change[] {
  if (changes.length === 0) return forMembers
  const wanted = new Map(changes.map((change) => [keyOf(change), change]))
  for (const change of forMembers) {
    const key = keyOf(change)
    const announced = wanted.get(key)
    wanted.set(key, announced ? { ...announced, ...change, removed: false } : change)
  }
  return [...wanted.values()]
}

const keyOf = ({ userId, kind, subjectId }: Change) => `${userId} ${kind} ${subjectId}`

/** Wakes the readers of the changed streams; call it after the commit. */
export function publishChanges(
  { bus, tracing }: { bus: Bus; tracing: Tracing | null },
  changes: NumberedChange[],
): void {
  const span = tracing?.child('PRODUCER', 'publish', { 'parlance.recipients': changes.length })
  for (const { change, number } of changes) {
    const { userId, kind, subjectId, removed, hint } = change
    const { streamSeq, history } = number
    const trace = tracing?.causeOf(subjectId)
    bus.publish(userTopic(userId), {
      streamSeq,
      history,
      kind,
      subjectId,
      removed: removed ?? false,
      from: hint ? hint.from : 0,
      to: hint?.to ?? 0,
      ...(trace !== undefined && { trace }),
    })
  }
  span?.end()
}
