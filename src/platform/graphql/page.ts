import { crc32 } from 'node:zlib'
import { invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'
import type { Connection } from './connection.ts'

export interface PageArgs {
  first?: number | null
  after?: string | null
}

/** Start of a keyset page: the sort key of the last row of the previous page. */
export type PageKey = (string | number)[]

interface PageLimits {
  pageSize: number
  pageSizeMax: number
}

export function pageSize(limits: PageLimits, first: number | null | undefined, path = 'first'): number {
  if (first === null || first === undefined) return limits.pageSize
  if (first < 1 || first > limits.pageSizeMax)
    throw invalidInput({ path, message: `must be between 1 and ${limits.pageSizeMax}` })
  return first
}

/** Refuses a list argument with more items than a page has. */
export function checkCount({ pageSizeMax }: PageLimits, count: number, path: string): void {
  if (count > pageSizeMax) throw invalidInput({ path, message: `must have at most ${pageSizeMax} items` })
}

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

type PartTypes = readonly ('string' | 'number')[]

type KeyOf<Shape extends PartTypes> = {
  -readonly [Part in keyof Shape]: Shape[Part] extends 'string' ? string : number
}

type NoKey<Shape extends PartTypes> = { -readonly [Part in keyof Shape]: null }

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

/** A list in the order of a key, paginated forward. */
interface KeysetList<Shape extends PartTypes, Row> {
  /** Types of the parts of the key. */
  key: Shape
  /** Reads the first rows after a key; all parts of the key are null for the first page. */
  read: (after: KeyOf<Shape> | NoKey<Shape>, limit: number) => Promise<Row[]>
  keyOf: (row: Row) => KeyOf<Shape>
}

/** SQL: a timestamp as part of a key, in milliseconds, the precision of the columns. */
export const timeKey = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`

/** Reads a page of a list, and one row more to see whether there is a next page. */
export async function readForwardPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after }: PageArgs,
  { key, read, keyOf }: KeysetList<Shape, Row>,
): Promise<Connection<Row>> {
  const size = pageSize(limits, first)
  const place = decodePageKey(after, key)
  const rows = await read(place ?? (key.map(() => null) as NoKey<Shape>), size + 1)
  const edges = rows.slice(0, size).map((node) => ({ cursor: encodePageKey(keyOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: place !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
