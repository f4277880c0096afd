import { isNullableType } from 'graphql'
import { expect, test } from 'vitest'
import { errorPages, exampleOf, renderErrors } from '../../scripts/reference/errors/render.ts'
import { type ErrorCode, errorCodes } from '../../src/errors.ts'
import { declaredErrors } from '../../src/platform/graphql/errors/published.ts'
import { buildSchema } from '../../src/schema.ts'
import { extensionFields, faultsOfExtensions } from '../world/error-shape.ts'
import { filesIn, read } from './documents.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]
const schema = buildSchema()

test('docs/errors has a page for each error code, as the code and the schema describe it', () => {
  const pages = [...renderErrors(schema)].map(([file, text]) => [`docs/errors/${file}`, text])
  const committed = filesIn('docs/errors').map((path) => [path, read(path)])
  expect(Object.fromEntries(committed), 'run npm run codegen').toEqual(Object.fromEntries(pages))
  expect(committed).toHaveLength(codes.length + 1)
})

test('every field of ErrorExtensions belongs to an error code', () => {
  const used = Object.values(errorPages).flatMap(({ extensions }) => [...extensions])
  expect([...new Set([...used, 'code'])].sort()).toEqual(extensionFields().sort())
})

test('the codes of any operation are those that the schema gives to every field', () => {
  const [, text = ''] = read('schema.graphql').match(/those of the request:([^"]*)"""/) ?? []
  const general = codes.filter((code) => errorPages[code].from)
  expect(general.sort()).toEqual((text.match(/\b[A-Z_]{5,}\b/g) ?? []).sort())
})

test.each(codes)('the example of %s is an answer that the schema allows', (code) => {
  const [error] = exampleOf(code).errors
  expect(faultsOfExtensions(error?.extensions)).toEqual([])
  const [field] = error?.path ?? []
  if (field === undefined) return expect(errorPages[code].from).toBeDefined()
  const root = [schema.getQueryType(), schema.getMutationType()].find((type) => type?.getFields()[field])
  // Otherwise the example would have no data.
  expect(isNullableType(root?.getFields()[field]?.type)).toBe(true)
  if (!errorPages[code].from) expect(declaredErrors(schema, String(root), field)).toContain(code)
})
