import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CheckState, HeadChecks } from '../../../src/inbox/stream/source/head-checks.ts'
import { type EventBatch, InOrder, InTurn, type Source } from '../../../src/inbox/stream/source/source.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const position = { streamSeq: 7, tick: 100, since: 1_000 }

/** A source that has so many things to tell. */
function says(name: string, count: number, told: string[]): Source {
  let left = count
  return {
    hasEvents: () => left > 0,
    next() {
      left -= 1
      told.push(name)
      return { bodies: [], nextPosition: null }
    },
  }
}

async function toldBy(make: (told: string[]) => Source): Promise<string[]> {
  const told: string[] = []
  const source = make(told)
  while (source.hasEvents(position)) await source.next(position)
  return told
}

test('sources in order wait for those before them', async () => {
  const told = await toldBy((told) => new InOrder(says('a', 2, told), says('b', 1, told), says('c', 2, told)))
  expect(told.join('')).toBe('aabcc')
})

test('sources that take turns never wait for two events of another', async () => {
  const told = await toldBy((told) => new InTurn(says('a', 5, told), says('b', 2, told), says('c', 1, told)))
  expect(told.join('')).toBe('abcabaaa')
})

test('a source behind one that never ends has its turn', async () => {
  const told: string[] = []
  const source = new InTurn(says('backlog', Number.POSITIVE_INFINITY, told), says('signal', 1, told))
  for (let count = 0; count < 3; count += 1) await source.next(position)
  expect(told).toEqual(['backlog', 'signal', 'backlog'])
})

function headChecks() {
  const parts = { stateAt: 'BEHIND' as CheckState, missing: 0, reached: 0 }
  const checks = new HeadChecks({
    stateAt: () => parts.stateAt,
    onMissing: () => {
      parts.missing += 1
    },
    onReached: () => {
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
const namesOf = ({ bodies }: EventBatch) => bodies.map((body) => body.type === 'Checkpoint' && body.caughtUp)

test('a reader that stays behind is told one Checkpoint where it stands, and another once it has caught up', () => {
  const { parts, checks } = headChecks()
  checks.add(check(9))
  expect(checks.hasEvents()).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(checks.hasEvents()).toBe(true)
  const behind = checks.next(position)
  expect(namesOf(behind)).toEqual([false])
  expect(behind.nextPosition).toBeNull()
  expect(checks.hasEvents()).toBe(false)

  checks.add(check(9))
  parts.stateAt = 'REACHED'
  const caughtUp = checks.next({ ...position, streamSeq: 9 })
  expect(namesOf(caughtUp)).toEqual([true])
  expect(caughtUp.nextPosition).toEqual({ streamSeq: 9, tick: 200, since: 2_000 })
  expect(parts).toMatchObject({ missing: 0, reached: 1 })
})

test('the ticks of a check hold for a reader that was behind once the head is reached', () => {
  const { parts, checks } = headChecks()
  checks.add(check(9))
  vi.advanceTimersByTime(1_000)
  checks.next(position)
  parts.stateAt = 'REACHED'
  const reached = checks.next({ ...position, streamSeq: 9 })
  expect(namesOf(reached)).toEqual([])
  expect(reached.nextPosition).toEqual({ streamSeq: 9, tick: 200, since: 2_000 })
})

test('a reader that has heard of nothing up to the head has missed something', () => {
  const { parts, checks } = headChecks()
  parts.stateAt = 'MISSING'
  checks.add(check(8))
  expect(checks.next(position)).toEqual({ bodies: [], nextPosition: null })
  expect(parts).toMatchObject({ missing: 1, reached: 0 })
})
