import { buildSchema, parse, validate } from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { documents, filesIn, read } from '../docs/documents.ts'
import { generate, generateTada, typeCheck } from './tools.ts'

const generated = ['apollo', 'apollo-hooks', 'urql-react', 'urql-vue']

beforeAll(async () => {
  await Promise.all([generate(generated), generateTada()])
})

test.concurrent.each([...generated, 'gql-tada'])(
  'the documents of the %s project fit the schema, and its code their types',
  (project) => typeCheck(project),
)

// Its types do not refuse a field that the code does not use; its own check does, with the compiler's API.
test('the documents of the gql-tada project are valid', () => {
  const tags = [...read('test/codegen/gql-tada/src/chat.ts').matchAll(/graphql\(\s*`([^`]+)`/g)]
  expect(tags).toHaveLength(8)
  const document = parse(tags.map(([, text]) => text).join('\n'))
  expect(validate(buildSchema(read('schema.graphql')), document)).toEqual([])
})

/** Applications have the schema beside their configuration. */
const asShown = (text: string) => text.replaceAll('../../../schema.graphql', 'schema.graphql').trim()

test('docs/api.md shows the configuration of every project', () => {
  const page = documents.find(({ path }) => path === 'docs/api.md')
  const shown = page?.blocks.map(({ code }) => code.trim())
  const configurations = filesIn('test/codegen').filter((path) =>
    /^test\/codegen\/[\w-]+\/(codegen\.ts|relay\.config\.json|src\/graphql\.ts)$/.test(path),
  )
  expect(configurations).toHaveLength(6)
  const missing = configurations.filter((path) => !shown?.includes(asShown(read(path))))
  expect(missing).toEqual([])
})
