import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold } from '../../../../packages/client/src/store/fold.ts'
import { histories, play } from './histories.ts'

test('whatever the order of events and answers, the state equals a refetch', () => {
  fc.assert(
    fc.property(histories, (steps) => {
      const { state, refetch } = play(steps, fold, fold)
      expect(state).toEqual(refetch)
    }),
    { numRuns: 1_000 },
  )
})
