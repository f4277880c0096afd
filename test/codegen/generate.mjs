// generate.mjs PROJECT …   runs the codegen.ts of each project, in one process

import { join } from 'node:path'
import { generate, loadContext } from '@graphql-codegen/cli'

for (const project of process.argv.slice(2)) {
  process.chdir(join(import.meta.dirname, project))
  await generate(await loadContext('codegen.ts'))
}
