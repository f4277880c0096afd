import SchemaBuilder from '@pothos/core'
import { parse, subscribe } from 'graphql'
import { expect, test } from 'vitest'
import { refuse } from '../../../../src/errors.ts'
import type { FieldRefusal } from '../../../../src/platform/graphql/errors/declared.ts'
import '../../../../src/platform/graphql/errors/declared.ts'
import { SubjectGone } from '../../../../src/platform/graphql/shared/gone.ts'
import { PullStream } from '../../../../src/platform/pull-stream.ts'

class Failing extends PullStream<string> {
  readonly #error: Error

  constructor(error: Error) {
    super()
    this.#error = error
  }

  take(): undefined {
    return undefined
  }

  async advance(): Promise<boolean> {
    throw this.#error
  }

  protected onClose(): void {}
}

/** Runs a subscription whose stream fails with the error, and returns the refusals that were recorded. */
async function recordedFrom(error: Error): Promise<FieldRefusal[]> {
  const refusals: FieldRefusal[] = []
  const builder = new SchemaBuilder({ plugins: ['declaredErrors'] })
  const stream = new Failing(error)
  builder.queryType({ fields: (t) => ({ now: t.int({ resolve: () => 1 }) }) })
  builder.subscriptionType({
    fields: (t) => ({
      ticks: t.string({ errors: ['CONFLICT'], subscribe: () => stream, resolve: () => 'tick' }),
    }),
  })
  const schema = builder.toSchema({ onRefusal: (refusal) => refusals.push(refusal) })
  await subscribe({ schema, document: parse('subscription { ticks }') }).catch(() => {})
  await expect(stream.advance()).rejects.toBe(error)
  return refusals
}

test.each([
  ['CONFLICT', true],
  ['NOT_FOUND', false],
] as const)('%s thrown by a running stream is recorded', async (code, declared) => {
  const refusal = refuse(code, 'It failed.')
  expect(await recordedFrom(refusal)).toEqual([{ field: 'Subscription.ticks', refusal, declared }])
})

test('an event that is dropped is not recorded', async () => {
  expect(await recordedFrom(new SubjectGone())).toEqual([])
})
