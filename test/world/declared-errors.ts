import { afterAll, expect } from 'vitest'
import type { Overrides } from '../../src/slice.ts'

/** Fails the file when a field gives an error that it does not declare. */
export function expectDeclaredErrors(): Overrides {
  const undeclared = new Set<string>()
  afterAll(() => {
    expect([...undeclared], 'errors that fields gave but do not declare').toEqual([])
  })
  return {
    onRefusal({ field, code, declared }) {
      if (!declared) undeclared.add(`${field} ${code}`)
    },
  }
}
