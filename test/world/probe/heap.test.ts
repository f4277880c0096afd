import { expect, test } from 'vitest'
import { heldBytes } from './heap.ts'

const megabyte = 1_048_576

test('memory that is held counts, and memory that is free does not', async () => {
  const before = await heldBytes()
  let held: object[] = Array.from({ length: 64 }, () => Array.from({ length: 8_192 }, () => ({ at: {} })))
  expect(held.length).toBe(64)
  expect((await heldBytes()) - before).toBeGreaterThan(10 * megabyte)
  held = []
  expect((await heldBytes()) - before).toBeLessThan(5 * megabyte)
})
