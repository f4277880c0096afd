import { readFile, writeFile } from 'node:fs/promises'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchema } from '../src/schema.ts'

// Prints the schema to schema.graphql; with `check`, only says whether the file is up to date.
const file = new URL('../schema.graphql', import.meta.url)
const printed = `${printSchema(lexicographicSortSchema(buildSchema()))}\n`

if (process.argv[2] !== 'check') await writeFile(file, printed)
else if ((await readFile(file, 'utf8').catch(() => '')) !== printed) {
  process.stderr.write('schema.graphql is stale. Run: npm run codegen\n')
  process.exitCode = 1
}
