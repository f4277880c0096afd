// node scripts/examples/relay.mjs [--validate]   compiles the documents of examples/relay, or fails if that would change them

import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const cwd = join(root, 'examples/relay')
cpSync(join(root, 'schema.graphql'), join(cwd, 'schema.graphql'))
const compiler = join(root, 'node_modules/relay-compiler/cli.js')
const { status } = spawnSync(process.execPath, [compiler, 'relay.config.json', ...process.argv.slice(2)], {
  cwd,
  stdio: 'inherit',
})
process.exit(status ?? 1)
