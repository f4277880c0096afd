import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { compress, type Encoding } from '../request/compression.ts'

const folder = join(import.meta.dirname, '../../../dist/web')

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
}

export interface WebFile {
  type: string
  etag: string
  bytes(encoding: Encoding): Promise<Buffer>
}

/** The built files of the web app by their path; none if it is not built. */
export type WebFiles = ReadonlyMap<string, WebFile>

export async function readWebFiles(): Promise<WebFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = new Map<string, WebFile>()
  for (const entry of entries) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || !type) continue
    const path = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, path).split(sep).join('/')}`, webFile(await readFile(path), type))
  }
  return files
}

/** Compressed once for each encoding. */
function webFile(content: Buffer, type: string): WebFile {
  const compressed = new Map<Encoding, Promise<Buffer>>()
  return {
    type,
    etag: `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    bytes(encoding) {
      const bytes = compressed.get(encoding) ?? compress(content, encoding, 'once')
      compressed.set(encoding, bytes)
      return bytes
    },
  }
}
