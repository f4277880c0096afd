import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { documents, read, root } from './documents.ts'

const blocksIn = (language: string) =>
  documents.flatMap(({ path, blocks }) =>
    blocks.filter((block) => block.language === language).map(({ code, file }) => ({ path, code, file })),
  )

test('every GraphQL operation in the documentation is valid', () => {
  const schema = buildSchema(read('schema.graphql'))
  const faults = blocksIn('graphql').flatMap(({ path, code }) =>
    validate(schema, parse(code)).map(({ message }) => `${path}: ${message}`),
  )
  expect(faults).toEqual([])
})

/** Examples for curl, whose body is JSON between quotes of the shell. */
const requests = blocksIn('sh').flatMap(({ path, code }) =>
  [...code.matchAll(/-d '(\{[^']*\})'/g)].map(([, body = '']) => ({ path, body })),
)

test('every example for curl sends a valid operation', () => {
  const schema = buildSchema(read('schema.graphql'))
  expect(requests.length).toBeGreaterThan(15)
  const faults = requests.flatMap(({ path, body }) =>
    validate(schema, parse((JSON.parse(body) as { query: string }).query)).map(
      ({ message }) => `${path}: ${message}`,
    ),
  )
  expect(faults).toEqual([])
})

test('the examples of both READMEs are the same, besides their comments', () => {
  const codeOf = (name: string) =>
    documents.find(({ path }) => path === name)?.blocks.map(({ code }) => code.replace(/ *# .*/g, ''))
  expect(codeOf('README.md')?.length).toBeGreaterThan(2)
  expect(codeOf('README.zh-CN.md')).toEqual(codeOf('README.md'))
})

test('every JSON example without an ellipsis is JSON', () => {
  for (const { path, code } of blocksIn('json').filter((block) => !block.code.includes('{ … }')))
    for (const example of code.split(/\n(?=\{)/))
      expect(() => JSON.parse(example), `${path}: ${example}`).not.toThrow()
})

test('what a TypeScript example imports exists, from the file that the line above or its first line names', () => {
  const missing = blocksIn('ts').flatMap(({ path, code, file = code.match(/^\/\/ (src\/\S+)/)?.[1] }) => {
    return (
      [...code.matchAll(/from '(\.[^']+)'/g)]
        // Code generators write them.
        .filter(([, target]) => !target?.includes('/generated/'))
        .filter(([, target]) => !file || !existsSync(join(root, file, '..', target as string)))
        .map(([, target]) => `${path}: ${target}`)
    )
  })
  expect(missing).toEqual([])
})
