import { isDeepStrictEqual } from 'node:util'
import { stop } from 'esbuild'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { bundled } from './bundle.ts'
import type { Fold } from './device.ts'
import { historiesOf } from './histories.ts'
import { conversations } from './mutants/conversations.ts'
import { messages } from './mutants/messages.ts'
import type { Mutant } from './mutants/mutant.ts'
import { people } from './mutants/people.ts'
import { rows } from './mutants/rows.ts'
import type { Step, Verb } from './play.ts'

const source = 'packages/client/src/store/fold.ts'
const { play } = await bundled<typeof import('./play.ts')>('test/packages/client/fold/play.ts')
const { fold } = await bundled<{ fold: Fold }>(source)

const all = Object.entries({
  'fold.ts': conversations,
  'messages.ts': messages,
  'people.ts': people,
  'row.ts': rows,
}).flatMap(([file, mutants]) => mutants.map((mutant) => ({ file, ...mutant })))

afterAll(() => void stop())

const stepsOf = (history: string): Step[] =>
  history.split(',').map((step) => {
    const [verb, conversation = 0, person = 0, number = 0] = step.trim().split(' ')
    const numbers = { conversation: Number(conversation), person: Number(person), number: Number(number) }
    return { verb: verb as Verb, ...numbers }
  })

test.each(all.map((mutant) => [mutant.rule, mutant] as const))(
  'without the rule “%s” the state differs from a refetch',
  async (_, mutant) => {
    const { fold: mutated } = await bundled<{ fold: Fold }>(source, mutant)
    const isEqual = (steps: readonly Step[]) => {
      const { state, refetch } = play(steps, mutated, fold)
      return isDeepStrictEqual(state, refetch)
    }
    expect(mutant.history ? isEqual(stepsOf(mutant.history)) : survives(mutant, isEqual)).toBe(false)
  },
)

/** With a fixed seed, so that chance decides nothing. */
function survives({ verbs = [], seed = 4 }: Mutant, isEqual: (steps: readonly Step[]) => boolean): boolean {
  const property = fc.property(historiesOf(verbs), isEqual)
  return !fc.check(property, { numRuns: 1_500, endOnFailure: true, seed }).failed
}
