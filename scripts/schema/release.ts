// release.ts   freezes schema.graphql in docs/schema under the schemaVersion of the server

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { schemaVersion } from '../../src/server-info/version.ts'
import { release } from './releases.ts'

const root = join(import.meta.dirname, '../..')
const text = await readFile(join(root, 'schema.graphql'), 'utf8')
await release(join(root, 'docs/schema'), schemaVersion, text).then(
  () => process.stdout.write(`docs/schema/${schemaVersion}.graphql is schema.graphql.\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  },
)
