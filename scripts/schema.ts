// schema.ts write   writes schema.graphql, from which clients generate their types
// schema.ts check   fails when the committed file is stale

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { printPublished } from '../src/platform/graphql/errors/published.ts'
import { buildSchema } from '../src/schema.ts'

const file = join(import.meta.dirname, '../schema.graphql')
const text = printPublished(buildSchema())

if (process.argv[2] !== 'check') {
  await writeFile(file, text)
} else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
  process.stderr.write('schema.graphql is stale. Run: npm run codegen\n')
  process.exitCode = 1
}
