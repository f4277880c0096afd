// What `gql.tada generate-output` writes. The command itself needs the compiler's API, which TypeScript 7 does not have.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal'
import { buildSchema, introspectionFromSchema } from 'graphql'

const here = import.meta.dirname
const schema = buildSchema(await readFile(join(here, '../../../schema.graphql'), 'utf8'))
const introspection = minifyIntrospection(introspectionFromSchema(schema))
await mkdir(join(here, 'generated'), { recursive: true })
await writeFile(
  join(here, 'generated/schema.d.ts'),
  outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true }),
)
