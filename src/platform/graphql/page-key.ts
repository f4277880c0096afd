import { crc32 } from 'node:zlib'
import { invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'

/** Start of a keyset page: the sort key of the last row of the previous page. */
export type PageKey = (string | number)[]

/** A checksum finds cursors that are damaged or of another list before they reach a query. */
export function encodePageKey(key: PageKey): string {
  const text = JSON.stringify(key)
  return Buffer.from(`${checksum(text)}${text}`).toString('base64url')
}

const checksumLength = 8

const checksum = (text: string) => crc32(text).toString(16).padStart(checksumLength, '0')

/** Times, counts and numbers of rows are within it, and PostgreSQL can represent it. */
const numberMax = 8.64e15
const textMax = 1_000

function fits(part: unknown, type: 'string' | 'number' | undefined): boolean {
  if (typeof part === 'number') return type === 'number' && Math.abs(part) <= numberMax
  return typeof part === 'string' && type === 'string' && part.length <= textMax && isStorable(part)
}

export type PartTypes = readonly ('string' | 'number')[]

export type KeyOf<Shape extends PartTypes> = {
  -readonly [Part in keyof Shape]: Shape[Part] extends 'string' ? string : number
}

/** Decodes a cursor. Its parts must have the types of `shape`. */
export function decodePageKey<const Shape extends PartTypes>(
  cursor: string | null | undefined,
  shape: Shape,
  path = 'after',
): KeyOf<Shape> | null {
  if (cursor === null || cursor === undefined) return null
  try {
    const decoded = Buffer.from(cursor, 'base64url').toString()
    const text = decoded.slice(checksumLength)
    const key: unknown = decoded === `${checksum(text)}${text}` ? JSON.parse(text) : null
    if (Array.isArray(key) && key.length === shape.length && key.every((part, i) => fits(part, shape[i])))
      return key as KeyOf<Shape>
  } catch {
    // Malformed: refused below.
  }
  throw invalidInput({ path, message: 'is not a cursor of this list' })
}
