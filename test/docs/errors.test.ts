import { expect, test } from 'vitest'
import { errorCodes } from '../../src/errors.ts'
import { documentedErrors, extensionFields } from '../world/error-shape.ts'
import { read } from './documents.ts'

test('docs/errors.md has a section for each error code, and for no other', () => {
  expect(Object.keys(documentedErrors()).sort()).toEqual(Object.keys(errorCodes).sort())
})

test('each section says what the code means, what a client does, whether to retry, and the extensions', () => {
  for (const [code, section] of Object.entries(documentedErrors())) {
    const labels = [...section.text.matchAll(/^- (Client|Retry|Extensions): /gm)].map(([, label]) => label)
    expect([code, ...labels]).toEqual([code, 'Client', 'Retry', 'Extensions'])
  }
})

test('every field of ErrorExtensions belongs to an error code', () => {
  const used = Object.values(documentedErrors()).flatMap(({ fields }) => fields)
  expect([...new Set(used), 'code'].sort()).toEqual(extensionFields().sort())
})

test('the codes of any operation in docs/errors.md are those that the schema gives to every field', () => {
  const [, text = ''] = read('schema.graphql').match(/those of the request:([^"]*)"""/) ?? []
  const general = Object.entries(documentedErrors()).filter(([, section]) => /^- Any /m.test(section.text))
  expect(general.map(([code]) => code).sort()).toEqual((text.match(/\b[A-Z_]{5,}\b/g) ?? []).sort())
})
