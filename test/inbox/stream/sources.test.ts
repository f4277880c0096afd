import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CheckState, HeadChecks } from '../../../src/inbox/stream/source/head-checks.ts'
import { type EventBatch, InOrder, InTurn, type Source } from '../../../src/inbox/stream/source/source.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const position = { streamSeq: 7, tick: 100, since: 1_000 }

/** A source with a number of batches, which logs its name for each. */
function sourceOf(name: string, count: number, log: string[]): Source {
  let left = count
  return {
    next() {
      if (left === 0) return null
      left -= 1
      log.push(name)
      return { bodies: [], nextPosition: null }
    },
  }
}

function logOf(make: (log: string[]) => Pick<Source, 'next'>): string[] {
  const log: string[] = []
  const source = make(log)
  while (source.next(position));
  return log
}

test('sources in order wait for the earlier ones', () => {
  const log = logOf((log) => new InOrder(sourceOf('a', 2, log), sourceOf('b', 1, log), sourceOf('c', 2, log)))
  expect(log.join('')).toBe('aabcc')
})

/** Sources that take turns, all marked, after an urgent one. */
function turns(urgent: Source, ...others: Source[]): InTurn {
  const inTurn = new InTurn(urgent, ...others)
  for (const source of [urgent, ...others]) inTurn.mark(source)
  return inTurn
}

test('sources that take turns never wait for two events of another', () => {
  const log = logOf((log) =>
    turns(sourceOf('u', 0, log), sourceOf('a', 5, log), sourceOf('b', 2, log), sourceOf('c', 1, log)),
  )
  expect(log.join('')).toBe('abcabaaa')
})

test('a source behind one that never ends has its turn, and an urgent one comes first', async () => {
  const log: string[] = []
  const backlog = sourceOf('backlog', Number.POSITIVE_INFINITY, log)
  const source = turns(sourceOf('urgent', 1, log), backlog, sourceOf('signal', 1, log))
  for (let count = 0; count < 4; count += 1) await source.next(position)
  expect(log).toEqual(['urgent', 'backlog', 'signal', 'backlog'])
})

test('a source that is not marked is not asked, and one without events is asked once', () => {
  const asked: string[] = []
  const asks = (name: string, awaitsPosition = false): Source => ({
    awaitsPosition,
    next() {
      asked.push(name)
      return null
    },
  })
  const [urgent, empty, other, waiting] = [
    asks('urgent'),
    asks('empty'),
    asks('other'),
    asks('waiting', true),
  ]
  const source = new InTurn(urgent, empty, other, waiting)
  source.mark(empty)
  source.mark(waiting)
  expect([source.next(position), source.next(position)]).toEqual([null, null])
  expect(asked).toEqual(['empty', 'waiting', 'waiting'])
})

function headChecks() {
  const parts = { stateAt: 'BEHIND' as CheckState, missing: 0, reached: 0 }
  const checks = new HeadChecks({
    stateAt: () => parts.stateAt,
    resync() {
      parts.missing += 1
    },
    onHeadReached() {
      parts.reached += 1
    },
  })
  return { parts, checks }
}

const check = (streamSeq: number) => ({
  streamSeq,
  tick: 200,
  since: 2_000,
  history: 'h',
  share: {},
  wantsCheckpoint: true,
})
const namesOf = (batch: EventBatch | null) =>
  batch?.bodies.map((body) => body.type === 'Checkpoint' && body.caughtUp)

test('a reader that stays behind gets a Checkpoint with its position, and another at the head', () => {
  const { parts, checks } = headChecks()
  checks.add(check(9))
  expect(checks.next(position)).toBeNull()
  vi.advanceTimersByTime(1_000)
  const behind = checks.next(position)
  expect(namesOf(behind)).toEqual([false])
  expect(behind?.nextPosition).toBeNull()
  expect(checks.next(position)).toBeNull()

  checks.add(check(9))
  parts.stateAt = 'REACHED'
  const caughtUp = checks.next({ ...position, streamSeq: 9 })
  expect(namesOf(caughtUp)).toEqual([true])
  expect(caughtUp?.nextPosition).toEqual({ streamSeq: 9, tick: 200, since: 2_000 })
  expect(parts).toMatchObject({ missing: 0, reached: 1 })
})

test('a reader that was behind takes the ticks of the check when it reaches the head', () => {
  const { parts, checks } = headChecks()
  checks.add(check(9))
  vi.advanceTimersByTime(1_000)
  checks.next(position)
  parts.stateAt = 'REACHED'
  const reached = checks.next({ ...position, streamSeq: 9 })
  expect(namesOf(reached)).toEqual([])
  expect(reached?.nextPosition).toEqual({ streamSeq: 9, tick: 200, since: 2_000 })
})

test('a reader without hints up to the head resyncs', () => {
  const { parts, checks } = headChecks()
  parts.stateAt = 'MISSING'
  checks.add(check(8))
  expect(checks.next(position)).toEqual({ bodies: [], nextPosition: null })
  expect(parts).toMatchObject({ missing: 1, reached: 0 })
})
