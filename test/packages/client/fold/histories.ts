import fc from 'fast-check'
import { type Verb, verbs } from './play.ts'

/** Histories of some verbs: the fewer they are, the sooner a rule that concerns them is broken. */
export const historiesOf = (some: readonly Verb[]) =>
  fc.array(
    fc.record({
      verb: fc.constantFrom(...some),
      conversation: fc.nat(2),
      person: fc.nat(2),
      number: fc.nat(20),
    }),
    // Short histories have few answers that events overtake.
    { minLength: 20, maxLength: 120, size: 'max' },
  )

export const histories = historiesOf(verbs)
