import { afterAll, expect } from 'vitest'
import { extensionsOf } from '../../src/platform/graphql/mask.ts'
import type { Overrides } from '../../src/slice.ts'
import { faultsOfExtensions } from './error-shape.ts'

/** Fails the file when a field gives an error that it does not declare, or with other extensions than are documented. */
export function expectDeclaredErrors(): Overrides {
  const undeclared = new Set<string>()
  const malformed = new Set<string>()
  afterAll(() => {
    expect([...undeclared], 'errors that fields gave but do not declare').toEqual([])
    expect([...malformed], 'extensions that are not those of ErrorExtensions').toEqual([])
  })
  return {
    onRefusal({ field, refusal, declared }) {
      if (!declared) undeclared.add(`${field} ${refusal.code}`)
      for (const fault of faultsOfExtensions(extensionsOf(refusal))) malformed.add(`${field} ${fault}`)
    },
  }
}
