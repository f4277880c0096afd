import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { documents, read, root } from './documents.ts'

const blocksIn = (language: string) =>
  documents.flatMap(({ path, blocks }) =>
    blocks.filter((block) => block.language === language).map(({ code }) => ({ path, code })),
  )

test('every GraphQL operation in the documentation is valid', () => {
  const schema = buildSchema(read('schema.graphql'))
  const faults = blocksIn('graphql').flatMap(({ path, code }) =>
    validate(schema, parse(code)).map(({ message }) => `${path}: ${message}`),
  )
  expect(faults).toEqual([])
})

test('every JSON example without an ellipsis is JSON', () => {
  for (const { path, code } of blocksIn('json').filter((block) => !block.code.includes('{ … }')))
    for (const example of code.split(/\n(?=\{)/))
      expect(() => JSON.parse(example), `${path}: ${example}`).not.toThrow()
})

test('what a TypeScript example imports exists, from the file that its first line names', () => {
  const missing = blocksIn('ts').flatMap(({ path, code }) => {
    const file = code.match(/^\/\/ (src\/\S+)/)?.[1]
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
