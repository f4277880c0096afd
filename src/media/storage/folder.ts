import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { notFound } from '../../errors.ts'
import type { MediaLinks } from '../links.ts'
import { exactly } from './exactly.ts'
import { checkedId, type Destination, type MediaStorage, namesOf, type Upload } from './storage.ts'
import { createTakeover } from './takeover.ts'

const incoming = 'incoming'

/** Stores bytes in a local folder: one folder per media item, grouped by the end of its id. */
export function createFolderStorage(root: string, links: MediaLinks): MediaStorage {
  const folderOf = (mediaId: string) => join(root, checkedId(mediaId).slice(-2), mediaId)
  const takeover = createTakeover()
  const pathOf = (key: string) => join(folderOf(namesOf(key)[0]), namesOf(key)[1])

  return {
    description: `the folder ${root}`,
    receive: (mediaId, bytes, byteSize) =>
      takeover(mediaId, (signal) => receive(folderOf(mediaId), bytes, byteSize, signal)).finally(() =>
        bytes.destroy(),
      ),
    destination: async (upload, origin) => destination(links, upload, origin),
    async accept(mediaId, key) {
      const path = pathOf(key)
      const accepted = await linkIfExists(join(folderOf(mediaId), incoming), path)
      return accepted ? (await stat(path)).size : null
    },
    open: async (key, { from, to }) => {
      const file = await open(pathOf(key)).catch(missing)
      return createReadStream('', { fd: file, start: from, end: to })
    },
    withFile: (key, use) => use(pathOf(key)),
    async put(key, path) {
      const target = pathOf(key)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const draft = `${target}.part`
      await copyFile(path, draft)
      await syncAndRename(draft, target)
    },
    async remove(mediaId, keep) {
      const folder = folderOf(mediaId)
      if (keep.length === 0) return rm(folder, { recursive: true, force: true })
      const kept = new Set(keep.map((key) => namesOf(key)[1]))
      for (const name of await readdir(folder).catch(() => []))
        if (!kept.has(name)) await rm(join(folder, name), { force: true })
    },
  }
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
    const file = createWriteStream(draft, { flags: 'wx', mode: 0o600 })
    await pipeline(bytes, exactly(byteSize), file, { signal })
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
