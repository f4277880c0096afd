import { createReadStream, createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { type Measured, measure } from './checksum.ts'

/** An object in the list of a backup. */
export interface ListedObject {
  key: string
  bytes: number
  /** Of the bytes in the backup; absent if it has none. */
  sha256?: string
}

export const listFile = (folder: string): string => join(folder, 'media.jsonl.gz')

/** Writes the list; an earlier one is replaced when the new one is complete. */
export async function writeList(folder: string, objects: AsyncIterable<ListedObject>): Promise<Measured> {
  const meter = measure()
  const draft = `${listFile(folder)}.part`
  await pipeline(lines(objects), createGzip(), meter, createWriteStream(draft, { mode: 0o600, flush: true }))
  await rename(draft, listFile(folder))
  return meter.measured()
}

async function* lines(objects: AsyncIterable<ListedObject>): AsyncGenerator<string> {
  for await (const object of objects) yield `${JSON.stringify(object)}\n`
}

export async function* readList(folder: string): AsyncGenerator<ListedObject> {
  const unzipped = createReadStream(listFile(folder)).pipe(createGunzip())
  for await (const line of createInterface({ input: unzipped })) yield JSON.parse(line) as ListedObject
}
