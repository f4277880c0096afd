import { expect, test } from 'vitest'
import { BatchTiming } from '../../../src/message/send/queue/batch-timing.ts'

const ids = (count: number, from = 0) => Array.from({ length: count }, (_none, index) => `${from + index}`)

function timingAfter(...batches: string[][]) {
  const timing = new BatchTiming()
  for (const conversationIds of batches) timing.began(conversationIds, 100)
  const waits = (ready: number, now: number, isBeside = false) =>
    timing.waitMs({ ready: (limit) => Math.min(ready, limit), isBeside, now })
  return { timing, waits }
}

test('the first send and those of a conversation that is alone do not wait', () => {
  expect(timingAfter().waits(1, 0)).toBe(0)
  const { timing, waits } = timingAfter(ids(1), ids(1))
  timing.ended(104)
  expect(waits(1, 104)).toBe(0)
  expect(waits(0, 104)).toBeNull()
})

test('after a batch, sends wait for as many conversations as the last two had, for at most 2 ms', () => {
  const { timing, waits } = timingAfter(ids(9, 20), ids(3), ids(2, 3))
  timing.ended(104)
  expect([waits(4, 104), waits(5, 104)]).toEqual([2, 0])
  expect([waits(4, 105.5), waits(4, 106), waits(4, 9_999)]).toEqual([0.5, 0, 0])
})

test('no more than 16 sends are waited for', () => {
  const { timing, waits } = timingAfter(ids(50), ids(50, 50))
  timing.ended(104)
  expect([waits(15, 104), waits(16, 104)]).toEqual([2, 0])
})

test('beside a batch, fewer than 8 sends wait for it, for at most 20 ms', () => {
  const { waits } = timingAfter(ids(1))
  expect([waits(7, 103, true), waits(8, 103, true), waits(7, 120, true)]).toEqual([17, 0, 0])
})
