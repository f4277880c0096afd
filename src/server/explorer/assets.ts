import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compress, type Encoding } from '../request/compression.ts'
import { startScript } from './start-script.ts'

/** The files of the explorer, under a version that changes with their content. */
export interface Assets {
  version: string
  /** null if there is no such file. */
  read(name: string, encoding: Encoding): Promise<{ bytes: Buffer; type: string } | null>
}

const javascript = 'text/javascript; charset=utf-8'

// Written by scripts/explorer.mjs.
const bundle = join(import.meta.dirname, 'generated')

/** More than a megabyte: read at the first visit of the explorer, and compressed once. */
export async function loadAssets(): Promise<Assets> {
  const bundled = async (name: string): Promise<[string, string]> => [
    name,
    await readFile(join(bundle, name), 'utf8'),
  ]
  const files = new Map<string, string>([
    await bundled('graphiql.js'),
    await bundled('graphiql.css'),
    ['start.js', startScript()],
  ])
  const hash = createHash('sha256')
  for (const text of files.values()) hash.update(text)
  const compressed = new Map<string, Promise<Buffer>>()

  return {
    version: hash.digest('hex').slice(0, 16),
    async read(name, encoding) {
      const text = files.get(name)
      if (text === undefined) return null
      const key = `${encoding} ${name}`
      const bytes = compressed.get(key) ?? compress(Buffer.from(text), encoding, 'once')
      compressed.set(key, bytes)
      return { bytes: await bytes, type: name.endsWith('.css') ? 'text/css; charset=utf-8' : javascript }
    },
  }
}
