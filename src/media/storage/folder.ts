import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { notFound } from '../../errors.ts'
import type { MediaLinks } from '../links.ts'
import { exactly } from './exactly.ts'
import {
  checkedId,
  type Destination,
  isKey,
  type MediaObjects,
  type MediaStorage,
  namesOf,
  type Upload,
} from './storage.ts'
import { createTakeover } from './takeover.ts'

const incoming = 'incoming'

const folderIn = (root: string, mediaId: string) => join(root, checkedId(mediaId).slice(-2), mediaId)

function pathIn(root: string, key: string): string {
  const [mediaId, object] = namesOf(key)
  return join(folderIn(root, mediaId), object)
}

/** Stores bytes in a local folder: one folder per media item, grouped by the end of its id. */
export function createFolderStorage(root: string, links: MediaLinks): MediaStorage {
  const takeover = createTakeover()
  return {
    ...createFolderObjects(root),
    receive: (mediaId, bytes, byteSize) =>
      takeover(mediaId, (signal) => receive(folderIn(root, mediaId), bytes, byteSize, signal)).finally(() =>
        bytes.destroy(),
      ),
    destination: async (upload, origin) => destination(links, upload, origin),
    async accept(mediaId, key) {
      const path = pathIn(root, key)
      const accepted = await linkIfExists(join(folderIn(root, mediaId), incoming), path)
      return accepted ? (await stat(path)).size : null
    },
  }
}

export function createFolderObjects(root: string): MediaObjects {
  return {
    description: `the folder ${root}`,
    open: async (key, { from, to }) => {
      const file = await open(pathIn(root, key)).catch(missing)
      return createReadStream('', { fd: file, start: from, end: to })
    },
    withFile: (key, use) => use(pathIn(root, key)),
    async put(key, path) {
      const target = pathIn(root, key)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const draft = `${target}.part`
      await copyFile(path, draft)
      await syncAndRename(draft, target)
    },
    sizeOf: (key) => stat(pathIn(root, key)).then(({ size }) => size, noneIfMissing),
    keys: () => keysIn(root),
    async remove(mediaId, keep) {
      const folder = folderIn(root, mediaId)
      if (keep.length === 0) return rm(folder, { recursive: true, force: true })
      const kept = new Set(keep.map((key) => namesOf(key)[1]))
      for (const name of await readdir(folder).catch(() => []))
        if (!kept.has(name)) await rm(join(folder, name), { force: true })
    },
  }
}

/** Uploads in progress and drafts are no objects: their names are not those of keys. */
async function* keysIn(root: string): AsyncGenerator<string> {
  for (const group of await namesIn(root))
    for (const mediaId of await namesIn(join(root, group)))
      for (const name of await namesIn(join(root, group, mediaId)))
        if (name !== incoming && isKey(`${mediaId}/${name}`)) yield `${mediaId}/${name}`
}

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })

function noneIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

function destination(links: MediaLinks, upload: Upload, origin: string): Destination {
  const { mediaId, form, mimeType, expiresAt } = upload
  const authorization = links.upload(mediaId, expiresAt)
  const url = `${origin}/uploads/${mediaId}`
  return form
    ? { method: 'POST', url, headers: {}, fields: authorization }
    : {
        method: 'PUT',
        url: `${url}?${new URLSearchParams(authorization)}`,
        headers: { 'Content-Type': mimeType },
        fields: {},
      }
}

/** The media item was deleted after it was looked up. */
function missing(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? notFound('media') : error
}

/** Writes a draft and renames it once it is complete and synced, so that no partial file is ever visible. */
async function receive(
  folder: string,
  bytes: Readable,
  byteSize: number,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `${incoming}.${randomBytes(8).toString('hex')}`)
  try {
    // Opened first: a stream that is destroyed while it opens its file creates the draft after its removal.
    const file = await open(draft, 'wx', 0o600)
    await pipeline(bytes, exactly(byteSize), file.createWriteStream(), { signal })
    await syncAndRename(draft, join(folder, incoming))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function syncAndRename(draft: string, target: string): Promise<void> {
  await sync(draft)
  await rename(draft, target)
  await sync(dirname(target))
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A hard link: a later upload replaces the name `incoming`, not these bytes. */
async function linkIfExists(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    await sync(dirname(to))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
