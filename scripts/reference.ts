// reference.ts write   writes docs/reference from the schema
// reference.ts check   fails when a committed page is stale

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema } from '../src/schema.ts'
import { renderReference } from './reference/render.ts'

const folder = join(import.meta.dirname, '../docs/reference')
const pages = renderReference(buildSchema())
const present = await readdir(folder).catch(() => [])

if (process.argv[2] === 'check') {
  const stale = [...pages.keys(), ...present].map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8').catch(() => null)
    return text === (pages.get(file) ?? null) ? [] : [file]
  })
  const files = new Set((await Promise.all(stale)).flat())
  if (files.size > 0) {
    process.stderr.write(`docs/reference is stale (${[...files].join(', ')}). Run: npm run codegen\n`)
    process.exitCode = 1
  }
} else {
  await mkdir(folder, { recursive: true })
  for (const file of present.filter((name) => !pages.has(name))) await rm(join(folder, file))
  for (const [file, text] of pages) await writeFile(join(folder, file), text)
}
