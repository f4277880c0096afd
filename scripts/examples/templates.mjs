// The templates of `npm create parlance`: the web app, and each example.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** Copies them into a folder, by their names. */
export function writeTemplates(folder) {
  rmSync(folder, { recursive: true, force: true })
  copy(join(root, 'web'), join(folder, 'web'))
  standAlone(join(folder, 'web/tsconfig.json'))
  for (const entry of readdirSync(join(root, 'examples'), { withFileTypes: true }))
    if (entry.isDirectory()) copy(join(root, 'examples', entry.name), join(folder, entry.name))
}

const copy = (from, to) =>
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist', 'schema.graphql'].includes(basename(path)),
  })

/** With what it extends, and without the `paths`, which lead to the sources of this repository. */
function standAlone(path) {
  const { extends: _, compilerOptions, ...rest } = json(path)
  const { paths, ...inherited } = json(join(root, 'tsconfig.json')).compilerOptions
  const options = { compilerOptions: { ...inherited, ...compilerOptions }, ...rest }
  writeFileSync(path, `${JSON.stringify(options, null, 2)}\n`)
}
