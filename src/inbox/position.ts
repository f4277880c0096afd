import { crc32 } from 'node:zlib'

/** How far one person's stream has been read. */
export interface Position {
  /** Every change with a number up to here has been delivered. */
  streamSeq: number
  /** Every SIGNAL conversation that was delivered up to this tick of the delivery clock has been delivered. */
  tick: number
  /**
   * Milliseconds since 1970 by the clock of the database: of the messages that changed before, the reader has what its
   * numbers stand for. Only a hint: if the clock is wrong, the client pulls what it misses.
   */
  since: number
  /** A catch-up in pages is among the SIGNAL conversations: after this id, and with these values once done. */
  signals?: { afterId: string; tick: number; since: number }
}

/** Whose cursor it is, and the history of the database in which its numbers were given. */
export interface CursorOwner {
  userId: string
  history: string
}

/** What a cursor says. A null history is that of a position that the database itself has kept. */
export interface Cursor {
  history: string | null
  position: Position
}

const formatVersion = '2'

export function encodeCursor(owner: CursorOwner, position: Position): string {
  const { streamSeq, tick, since, signals } = position
  const parts = [formatVersion, owner.userId, owner.history, streamSeq, tick, since]
  if (signals) parts.push(signals.afterId, signals.tick, signals.since)
  const text = parts.join('|')
  return Buffer.from(`${text}|${crc32(text).toString(36)}`).toString('base64url')
}

/** What a cursor says, or why it is none of this person's. Whether its history is known is for the database to say. */
export function decodeCursor(userId: string, cursor: string): Cursor | { reason: string } {
  const text = Buffer.from(cursor, 'base64url').toString()
  const parts = text.split('|')
  const checksum = parts.pop()
  if (checksum !== crc32(parts.join('|')).toString(36)) return { reason: 'The cursor is damaged.' }
  const [format, owner, history = '', streamSeq, tick, since, afterId, nextTick, nextSince] = parts
  if (format !== formatVersion) return { reason: 'The cursor is of another version of the server.' }
  if (owner !== userId) return { reason: 'The cursor belongs to another user.' }
  const position = {
    streamSeq: Number(streamSeq),
    tick: Number(tick),
    since: Number(since),
    ...(afterId ? { signals: { afterId, tick: Number(nextTick), since: Number(nextSince) } } : {}),
  }
  return isWhole(position) ? { history, position } : { reason: 'The cursor is damaged.' }
}

/** Said of a cursor whose numbers were given in a history that this database does not have. */
export const otherHistory = 'The cursor is from another history of the database, such as before a restore.'

const streamSeqMax = 2 ** 31 - 1
/** The last millisecond that a date can hold. */
const sinceMax = 8.64e15

/** A sum is no seal: whatever can be written down may come. */
function isWhole({ streamSeq, tick, since, signals }: Position): boolean {
  const numbers = [streamSeq, tick, since, signals?.tick ?? 0, signals?.since ?? 0]
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return false
  if (since > sinceMax || (signals && signals.since > sinceMax)) return false
  return streamSeq <= streamSeqMax && (!signals || /^\w+$/.test(signals.afterId))
}

/** Of two positions of one stream the one that has seen more. */
export function later(one: Position, other: Position | null): Position {
  if (!other) return one
  if (one.streamSeq !== other.streamSeq) return one.streamSeq > other.streamSeq ? one : other
  return one.tick >= other.tick ? one : other
}
