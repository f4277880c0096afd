import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Config } from '../../../config/media.ts'
import { checkedId, isKey, type MediaObjects, type MediaStorage, namesOf } from '../storage.ts'
import { createS3Client, type S3Client } from './client.ts'
import { presignForm, presignPut } from './presign.ts'

const placeOf = (key: string) => `media/${namesOf(key).join('/')}`
const incoming = (mediaId: string) => `incoming/${checkedId(mediaId)}`

/** Stores bytes in a bucket. Clients upload to it directly, and download through this server, which checks permission. */
export function createS3Storage(config: S3Config): MediaStorage {
  const s3 = createS3Client(config)
  return {
    ...createS3Objects(config, s3),
    receive: null,
    destination: (upload) =>
      upload.form
        ? presignForm(config, incoming(upload.mediaId), upload)
        : presignPut(config, incoming(upload.mediaId), upload),
    async accept(mediaId, key) {
      if (!(await s3.copy(incoming(mediaId), placeOf(key)))) return null
      return s3.sizeOf(placeOf(key))
    },
  }
}

export function createS3Objects(config: S3Config, s3 = createS3Client(config)): MediaObjects {
  return {
    description: `the bucket ${config.bucket} at ${new URL(config.url).host}`,
    async open(key, { from, to }) {
      const { body } = await s3.request('GET', placeOf(key), { range: `bytes=${from}-${to}` })
      return body ? Readable.fromWeb(body) : Readable.from([])
    },
    withFile: (key, use) => withDownload(s3, placeOf(key), use),
    async put(key, path) {
      const length = String((await stat(path)).size)
      const headers = { 'content-length': length }
      const { body } = await s3.request('PUT', placeOf(key), headers, createReadStream(path))
      await body?.cancel()
    },
    sizeOf: (key) => s3.sizeOf(placeOf(key)),
    async *keys() {
      for await (const place of s3.list('media/'))
        if (isKey(place.slice('media/'.length))) yield place.slice('media/'.length)
    },
    async remove(mediaId, keep) {
      const kept = new Set(keep.map(placeOf))
      const places = [incoming(mediaId)]
      for await (const place of s3.list(`media/${checkedId(mediaId)}/`)) places.push(place)
      for (const place of places) if (!kept.has(place)) await s3.remove(place)
    },
  }
}

async function withDownload<Result>(
  s3: S3Client,
  place: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-s3-'))
  try {
    const path = join(folder, 'object')
    const { body } = await s3.request('GET', place)
    await pipeline(body ? Readable.fromWeb(body) : Readable.from([]), createWriteStream(path))
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
