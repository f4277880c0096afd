import { expect, test } from 'vitest'
import { Company } from '../../../src/message/send/queue/company.ts'

const ids = (count: number, from = 0) => Array.from({ length: count }, (_none, index) => `${from + index}`)

function companyOf(...batches: string[][]) {
  const company = new Company()
  for (const conversationIds of batches) company.begins(conversationIds, 100)
  const waits = (ready: number, now: number, isBeside = false) =>
    company.waitMs({ ready: (limit) => Math.min(ready, limit), isBeside, now })
  return { company, waits }
}

test('the first send and those of a conversation that is alone do not wait', () => {
  expect(companyOf().waits(1, 0)).toBe(0)
  const { company, waits } = companyOf(ids(1), ids(1))
  company.ends(104)
  expect(waits(1, 104)).toBe(0)
  expect(waits(0, 104)).toBeNull()
})

test('after a batch, sends wait for as many conversations as the last two had, for at most 2 ms', () => {
  const { company, waits } = companyOf(ids(9, 20), ids(3), ids(2, 3))
  company.ends(104)
  expect([waits(4, 104), waits(5, 104)]).toEqual([2, 0])
  expect([waits(4, 105.5), waits(4, 106), waits(4, 9_999)]).toEqual([0.5, 0, 0])
})

test('no more than 16 sends are waited for', () => {
  const { company, waits } = companyOf(ids(50), ids(50, 50))
  company.ends(104)
  expect([waits(15, 104), waits(16, 104)]).toEqual([2, 0])
})

test('beside a batch, fewer than 8 sends wait for it, for at most 20 ms', () => {
  const { waits } = companyOf(ids(1))
  expect([waits(7, 103, true), waits(8, 103, true), waits(7, 120, true)]).toEqual([17, 0, 0])
})
