import type { Readable } from 'node:stream'

/** The request with which a client uploads the bytes. */
export interface Destination {
  method: 'PUT' | 'POST'
  url: string
  headers: Record<string, string>
  fields: Record<string, string>
}

/** An upload that was started. */
export interface Upload {
  mediaId: string
  mimeType: string
  byteSize: number
  expiresAt: Date
  /** Whether the bytes are sent in a multipart form. */
  form: boolean
}

/** Both ends are inclusive. */
export interface ByteRange {
  from: number
  to: number
}

/** Stores exactly this many bytes, or fails and stores none. */
export type Receive = (mediaId: string, bytes: Readable, byteSize: number) => Promise<void>

/** Stored bytes by key. The bytes of a key never change. */
export interface MediaObjects {
  /** Shown at start. */
  description: string
  open(key: string, range: ByteRange): Promise<Readable>
  /** Provides the object as a local file while `use` runs. */
  withFile<Result>(key: string, use: (path: string) => Promise<Result>): Promise<Result>
  put(key: string, path: string): Promise<void>
  /** null when there is no such object. */
  sizeOf(key: string): Promise<number | null>
  /** The keys of all objects. */
  keys(): AsyncIterable<string>
  /** Removes all bytes of a media item except these keys. */
  remove(mediaId: string, keep: readonly string[]): Promise<void>
}

/**
 * Where media items are stored. Uploads arrive in a place of their own, where a client may replace them until the ticket
 * expires. An accepted upload becomes an object.
 */
export interface MediaStorage extends MediaObjects {
  /** null when clients upload to the storage directly. */
  receive: Receive | null
  destination(upload: Upload, origin: string): Promise<Destination>
  /** Copies the uploaded bytes to a key. Returns their size, or null when nothing was uploaded. */
  accept(mediaId: string, key: string): Promise<number | null>
}

const name = /^[0-9A-Za-z]{1,64}$/

/** A random key for an object of a media item, so that no two attempts write to the same place. */
export const objectKey = (mediaId: string, random: string): string => `${mediaId}/${random}`

/** The two parts of a key. Rejects anything else, such as a path, even if it came from the database. */
export function namesOf(key: string): [mediaId: string, object: string] {
  const [mediaId = '', object = '', ...rest] = key.split('/')
  if (!name.test(mediaId) || !name.test(object) || rest.length > 0) throw new Error(`${key} is not a key.`)
  return [mediaId, object]
}

export const isKey = (text: string): boolean => /^[0-9A-Za-z]{1,64}\/[0-9A-Za-z]{1,64}$/.test(text)

export function checkedId(mediaId: string): string {
  if (!name.test(mediaId)) throw new Error(`${mediaId} is not the id of a media item.`)
  return mediaId
}
