import type { Readable } from 'node:stream'

/** What a client is told to do with the bytes of an upload. */
export interface Destination {
  method: 'PUT' | 'POST'
  url: string
  headers: Record<string, string>
  fields: Record<string, string>
}

/** An upload that has been begun. */
export interface Upload {
  mediaId: string
  mimeType: string
  byteSize: number
  expiresAt: Date
  /** The bytes come in a form rather than alone. */
  form: boolean
}

/** Both ends included. */
export interface ByteRange {
  from: number
  to: number
}

/** Takes exactly so many bytes, or refuses and keeps none. */
export type Receive = (mediaId: string, bytes: Readable, byteSize: number) => Promise<void>

/**
 * Where bytes are kept. What a client brings lies apart, where it may be written again until its ticket expires; once
 * it is taken it has a key of its own, under which nothing ever changes.
 */
export interface MediaStorage {
  /** For people to read. */
  description: string
  /** null when clients bring the bytes to the storage itself. */
  receive: Receive | null
  destination(upload: Upload, origin: string): Promise<Destination>
  /** Gives what was uploaded a key of its own, and leaves it where it is; its size, or null when nothing was uploaded. */
  take(mediaId: string, key: string): Promise<number | null>
  open(key: string, range: ByteRange): Promise<Readable>
  /** Lends the object as a file for as long as `use` runs. */
  withFile<Result>(key: string, use: (path: string) => Promise<Result>): Promise<Result>
  put(key: string, path: string): Promise<void>
  /** Removes everything of a media but these keys. */
  remove(mediaId: string, keep: readonly string[]): Promise<void>
}

const name = /^[0-9A-Za-z]{1,64}$/

/** A key for an object of a media: random, so that no two attempts write to the same place. */
export const objectKey = (mediaId: string, random: string): string => `${mediaId}/${random}`

/** The two names that a key is made of. Nothing else can be one, whatever somebody has got into the database. */
export function namesOf(key: string): [mediaId: string, object: string] {
  const [mediaId = '', object = '', ...rest] = key.split('/')
  if (!name.test(mediaId) || !name.test(object) || rest.length > 0) throw new Error(`${key} is not a key.`)
  return [mediaId, object]
}

export function checkedId(mediaId: string): string {
  if (!name.test(mediaId)) throw new Error(`${mediaId} is not the id of a media.`)
  return mediaId
}
