import { isDeepStrictEqual } from 'node:util'
import { stop } from 'esbuild'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { bundled } from './bundle.ts'
import type { Fold } from './device.ts'
import { histories } from './histories.ts'

const { play } = await bundled<typeof import('./play.ts')>('test/packages/client/fold/play.ts')
const { fold } = await bundled<{ fold: Fold }>('packages/client/src/store/fold.ts')

afterAll(() => void stop())

test('whatever the order of events and answers, the state equals a refetch, also of groups that cross the signal line', () => {
  fc.assert(
    fc.property(histories, (steps) => {
      const { state, refetch } = play(steps, fold, fold)
      // The matcher explains a difference, and takes longer than the history.
      if (!isDeepStrictEqual(state, refetch)) expect(state).toEqual(refetch)
    }),
    { numRuns: 1_000 },
  )
})
