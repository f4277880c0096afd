import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { loopLagOf, withLoopLag } from './loop-lag.ts'

const busyFor = (cpuMs: number) => {
  const since = process.cpuUsage()
  for (let usage = process.cpuUsage(since); usage.user + usage.system < cpuMs * 1_000; )
    usage = process.cpuUsage(since)
}

test('work that blocks the event loop is measured, wherever it occurs between waits', async () => {
  const { result, lagMs } = await withLoopLag(async () => {
    await pause(20)
    busyFor(200)
    await pause(20)
    return 'done'
  })
  expect(result).toBe('done')
  expect(lagMs).toBeGreaterThan(150)
})

test('a pause of the process without processor time does not count as blocked', async () => {
  const { lagMs } = await withLoopLag(async () => {
    await pause(20)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    await pause(20)
  })
  expect(lagMs).toBeLessThan(100)
})

test.each([
  ['each time', true, () => true],
  ['once', false, (time: number) => time === 2],
] as const)('work that blocks %s counts as blocking: %s', async (_, counts, blocks) => {
  let times = 0
  const lagMs = await loopLagOf(async () => {
    times += 1
    await pause(20)
    if (blocks(times)) busyFor(200)
    await pause(20)
  })
  expect(lagMs > 100).toBe(counts)
})
