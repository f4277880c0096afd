// scripts/schema/caches.ts write|check   what the packages for caches know about the schema, in their `src/generated`

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSchema } from 'graphql'
import { describeCache } from '../../packages/codegen/src/cache-description.ts'

const root = join(import.meta.dirname, '../..')
const description = describeCache(buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8')))

const values = {
  apollo: {
    ...description,
    // Connections have merge functions of their own, and edges are in lists, which are replaced.
    parts: description.parts.filter((name) => !/(Connection|Edge)$/.test(name)),
  },
  urql: description,
}

/** Each package has the parts that its library needs. */
const needed = {
  apollo: ['possibleTypes', 'parts', 'merged', 'lists', 'connections', 'lookups', 'ended'],
  urql: ['parts', 'connections', 'lookups', 'ended'],
} as const

const types: Record<keyof typeof description, string> = {
  possibleTypes: 'Record<string, string[]>',
  parts: 'string[]',
  merged: 'string[]',
  lists: 'Record<string, string[]>',
  connections: 'Record<string, Record<string, string[]>>',
  lookups: 'Record<string, string[]>',
  ended: 'Record<string, Record<string, string[]>>',
}

for (const name of ['apollo', 'urql'] as const) {
  const parts = needed[name]
  const path = join(root, 'packages', name, 'src/generated/cache.ts')
  const fields = parts.map((part) => `  ${part}: ${types[part]}\n`).join('')
  const data = Object.fromEntries(parts.map((part) => [part, values[name][part]]))
  const text = `export interface CacheDescription {\n${fields}}\n\n/** Written by scripts/schema/caches.ts. */\nexport const description: CacheDescription = ${JSON.stringify(data, null, 2)}\n`
  if (process.argv[2] === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    throw new Error(`${path} differs from the schema; run npm run codegen.`)
  }
}
