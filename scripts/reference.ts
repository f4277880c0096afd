// reference.ts write   writes docs/reference and docs/errors from the schema
// reference.ts check   fails when a committed page is stale

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema } from '../src/schema.ts'
import { renderErrors } from './reference/errors/render.ts'
import { renderReference } from './reference/render.ts'

const schema = buildSchema()

async function staleIn(folder: string, pages: Map<string, string>): Promise<string[]> {
  const present = await readdir(folder).catch(() => [])
  const stale = [...pages.keys(), ...present].map(async (file) => {
    const text = await readFile(join(folder, file), 'utf8').catch(() => null)
    return text === (pages.get(file) ?? null) ? [] : [file]
  })
  return [...new Set((await Promise.all(stale)).flat())]
}

async function write(folder: string, pages: Map<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of await staleIn(folder, pages)) {
    const text = pages.get(file)
    await (text === undefined ? rm(join(folder, file)) : writeFile(join(folder, file), text))
  }
}

for (const [name, pages] of [
  ['reference', renderReference(schema)],
  ['errors', renderErrors(schema)],
] as const) {
  const folder = join(import.meta.dirname, '../docs', name)
  if (process.argv[2] !== 'check') await write(folder, pages)
  else {
    const files = await staleIn(folder, pages)
    if (files.length === 0) continue
    process.stderr.write(`docs/${name} is stale (${files.join(', ')}). Run: npm run codegen\n`)
    process.exitCode = 1
  }
}
