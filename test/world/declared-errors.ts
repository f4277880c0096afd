import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, expect } from 'vitest'
import type { FieldRefusal } from '../../src/platform/graphql/errors/declared.ts'
import { extensionsOf } from '../../src/platform/graphql/mask.ts'
import { buildSchema } from '../../src/schema.ts'
import { faultsOfExtensions } from './error-shape.ts'

type Listener = (refusal: FieldRefusal) => void

const listeners = new Set<Listener>()
let schema: GraphQLSchema | undefined

/** The schema of every world of this process: to build and check one takes as long as to start a server. */
export function sharedSchema(): GraphQLSchema {
  schema ??= buildSchema({ onRefusal: (refusal) => listeners.forEach((listen) => void listen(refusal)) })
  return schema
}

/**
 * Fails the file when a field of the shared schema gives an error that it does not declare, or with other extensions than
 * are documented.
 */
export function expectDeclaredErrors(): void {
  const undeclared = new Set<string>()
  const malformed = new Set<string>()
  const listen: Listener = ({ field, refusal, declared }) => {
    if (!declared) undeclared.add(`${field} ${refusal.code}`)
    for (const fault of faultsOfExtensions(extensionsOf(refusal))) malformed.add(`${field} ${fault}`)
  }
  beforeAll(() => void listeners.add(listen))
  afterAll(() => {
    listeners.delete(listen)
    expect([...undeclared], 'errors that fields gave but do not declare').toEqual([])
    expect([...malformed], 'extensions that are not those of ErrorExtensions').toEqual([])
  })
}
