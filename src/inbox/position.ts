import { crc32 } from 'node:zlib'

/** How far a user's stream was delivered. */
export interface Position {
  /** Every change with a number up to this one was delivered. */
  streamSeq: number
  /** Every change of a SIGNAL conversation up to this tick of the delivery clock was delivered. */
  tick: number
  /**
   * Milliseconds since 1970 by the clock of the database: message changes before this time were delivered. Only an
   * optimisation: if the clock is wrong, the client pulls what is missing.
   */
  since: number
  /** A catch-up is between two pages of SIGNAL conversations: after this id. Tick and time apply once it is done. */
  signals?: { afterId: string; tick: number; since: number }
}

/** The user of a cursor, and the history of the database that gave its numbers. */
export interface CursorOwner {
  userId: string
  history: string
}

/** A decoded cursor. A null history means a position that the database itself stored. */
export interface Cursor {
  history: string | null
  position: Position
  /** Events up to the position may have changed the total unread count, and the reader has not received the new one. */
  owesUnread: boolean
}

const formatVersion = '3'
const unreadMark = 'u'

/** Each event has one, so it is text that JSON and URLs need not escape. */
export function encodeCursor(owner: CursorOwner, position: Position, owesUnread = false): string {
  const { streamSeq, tick, since, signals } = position
  const parts = [formatVersion, owner.userId, owner.history, streamSeq, tick, since]
  if (signals) parts.push(signals.afterId, signals.tick, signals.since)
  if (owesUnread) parts.push(unreadMark)
  const text = parts.join('.')
  return `${text}.${crc32(text).toString(36)}`
}

/** Decodes a cursor of this user, or returns why it is invalid. Only the database can check the history. */
export function decodeCursor(userId: string, cursor: string): Cursor | { reason: string } {
  const parts = cursor.split('.')
  const checksum = parts.pop()
  if (checksum !== crc32(parts.join('.')).toString(36)) return { reason: 'The cursor is damaged.' }
  const owesUnread = parts.at(-1) === unreadMark
  if (owesUnread) parts.pop()
  const [format, owner, history = '', streamSeq, tick, since, afterId, nextTick, nextSince] = parts
  if (format !== formatVersion) return { reason: 'The cursor is of another version of the server.' }
  if (owner !== userId) return { reason: 'The cursor belongs to another user.' }
  const position = {
    streamSeq: Number(streamSeq),
    tick: Number(tick),
    since: Number(since),
    ...(afterId ? { signals: { afterId, tick: Number(nextTick), since: Number(nextSince) } } : {}),
  }
  return isWhole(position) ? { history, position, owesUnread } : { reason: 'The cursor is damaged.' }
}

/** Why a cursor of a history that this database does not have is invalid. */
export const otherHistory = 'The cursor is from another history of the database, such as before a restore.'

const streamSeqMax = 2 ** 31 - 1
/** The largest time of a Date. */
const sinceMax = 8.64e15

/** A checksum can be forged, so any numbers may arrive. */
function isWhole({ streamSeq, tick, since, signals }: Position): boolean {
  const numbers = [streamSeq, tick, since, signals?.tick ?? 0, signals?.since ?? 0]
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return false
  if (since > sinceMax || (signals && signals.since > sinceMax)) return false
  return streamSeq <= streamSeqMax && (!signals || /^\w+$/.test(signals.afterId))
}

/** The later of two positions of one stream. */
export function later(one: Position, other: Position | null): Position {
  if (!other) return one
  if (one.streamSeq !== other.streamSeq) return one.streamSeq > other.streamSeq ? one : other
  return one.tick >= other.tick ? one : other
}
