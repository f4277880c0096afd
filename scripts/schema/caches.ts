// scripts/schema/caches.ts write|check   what the packages for caches know about the schema, in their `src/generated`

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSchema } from 'graphql'
import { type CacheDescription, describeCache } from '../../packages/codegen/src/cache-description.ts'

const root = join(import.meta.dirname, '../..')
const { parts, ...description } = describeCache(
  buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8')),
)
const isPage = (name: string) => /(Connection|Edge)$/.test(name)

const values = {
  ...description,
  parts: parts.filter((name) => !isPage(name)),
  pages: parts.filter(isPage),
}

const types: Record<keyof typeof values, string> = {
  possibleTypes: 'Record<string, string[]>',
  parts: 'string[]',
  pages: 'string[]',
  merged: 'string[]',
  lists: 'Record<string, string[]>',
  connections: 'Record<string, Record<string, string[]>>',
  lookups: 'Record<string, string[]>',
  ended: 'Record<string, Record<string, string[]>>',
} satisfies Record<keyof CacheDescription | 'pages', string>

/** Each package has what its library needs alone, and the client what all of them need. */
const needed = {
  client: ['parts', 'connections', 'lookups', 'ended'],
  apollo: ['possibleTypes', 'merged', 'lists'],
  urql: ['pages'],
} as const

for (const [name, fields] of Object.entries(needed)) {
  const path = join(root, 'packages', name, 'src/generated/cache.ts')
  const text = `/** Written by scripts/schema/caches.ts. */\n${fields
    .map((field) => `export const ${field}: ${types[field]} = ${JSON.stringify(values[field], null, 2)}\n`)
    .join('\n')}`
  if (process.argv[2] === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } else if (readFileSync(path, 'utf8') !== text) {
    throw new Error(`${path} differs from the schema; run npm run codegen.`)
  }
}
