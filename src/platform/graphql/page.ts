import { crc32 } from 'node:zlib'
import { invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'
import type { Connection } from './connection.ts'

export interface PageArgs {
  first?: number | null
  after?: string | null
}

export interface TwoWayArgs extends PageArgs {
  last?: number | null
  before?: string | null
}

/** Start of a keyset page: the sort key of the last row of the previous page. */
export type PageKey = (string | number)[]

export interface PageLimits {
  pageSize: number
  pageSizeMax: number
}

/** A size above the maximum is reduced to it, so that a client does not depend on the settings of a server. */
export function pageSize(limits: PageLimits, wanted: number | null | undefined, path = 'first'): number {
  if (wanted !== null && wanted !== undefined && wanted < 1)
    throw invalidInput({ path, message: 'must be at least 1' })
  return Math.min(wanted ?? limits.pageSize, limits.pageSizeMax)
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

/** A list that is also paginated backward: `read` returns the rows after a key in the given order. */
interface TwoWayList<Shape extends PartTypes, Row> extends Omit<KeysetList<Shape, Row>, 'read'> {
  read: (after: KeyOf<Shape> | NoKey<Shape>, limit: number, order: Order) => Promise<Row[]>
}

export type Order = 'forward' | 'backward'

/** Reads `first` rows after a cursor, or `last` rows before one. */
export async function readTwoWayPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after, last, before }: TwoWayArgs,
  { key, read, keyOf }: TwoWayList<Shape, Row>,
): Promise<Connection<Row>> {
  const backward = isGiven(last) || isGiven(before)
  if (backward && (isGiven(first) || isGiven(after)))
    throw invalidInput({
      path: isGiven(last) ? 'last' : 'before',
      message: 'cannot be combined with first or after',
    })
  if (!backward)
    return readForwardPage(
      limits,
      { first, after },
      { key, keyOf, read: (place, limit) => read(place, limit, 'forward') },
    )
  const page = await readForwardPage(
    limits,
    { first: last, after: before },
    { key, keyOf, read: (place, limit) => read(place, limit, 'backward') },
    { first: 'last', after: 'before' },
  )
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo
  return {
    edges: page.edges.reverse(),
    pageInfo: {
      hasNextPage: hasPreviousPage,
      hasPreviousPage: hasNextPage,
      startCursor: endCursor,
      endCursor: startCursor,
    },
  }
}

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined

/** Reads a page of a list, and one row more to see whether there is a next page. */
export async function readForwardPage<const Shape extends PartTypes, Row>(
  limits: PageLimits,
  { first, after }: PageArgs,
  { key, read, keyOf }: KeysetList<Shape, Row>,
  paths = { first: 'first', after: 'after' },
): Promise<Connection<Row>> {
  const size = pageSize(limits, first, paths.first)
  const place = decodePageKey(after, key, paths.after)
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
