import { crc32 } from 'node:zlib'

/**
 * How far one person's stream has been read. Everything up to `streamSeq`, and everything committed by a
 * transaction older than `horizon`, has been delivered.
 */
export interface Position {
  streamSeq: number
  horizon: number
  /** A catch-up in pages is among the SIGNAL conversations: after this id, and with this horizon once done. */
  signals?: { afterId: string; horizon: number }
}

export interface CursorOwner {
  userId: string
  epoch: string
}

const formatVersion = '1'

export function encodeCursor(owner: CursorOwner, position: Position): string {
  const { streamSeq, horizon, signals } = position
  const parts = [formatVersion, owner.userId, owner.epoch, streamSeq, horizon]
  if (signals) parts.push(signals.afterId, signals.horizon)
  const text = parts.join('|')
  return Buffer.from(`${text}|${crc32(text).toString(36)}`).toString('base64url')
}

/** The position behind a cursor, or why it is not one of this person's history. */
export function decodeCursor(owner: CursorOwner, cursor: string): Position | { reason: string } {
  const text = Buffer.from(cursor, 'base64url').toString()
  const parts = text.split('|')
  const checksum = parts.pop()
  if (checksum !== crc32(parts.join('|')).toString(36)) return { reason: 'The cursor is damaged.' }
  const [format, userId, epoch, streamSeq, horizon, afterId, nextHorizon] = parts
  if (format !== formatVersion) return { reason: 'The cursor is of another version of the server.' }
  if (userId !== owner.userId) return { reason: "The cursor is another person's." }
  if (epoch !== owner.epoch)
    return { reason: 'The cursor is of another history, such as before a restored backup.' }
  const position = {
    streamSeq: Number(streamSeq),
    horizon: Number(horizon),
    ...(afterId ? { signals: { afterId, horizon: Number(nextHorizon) } } : {}),
  }
  return isWhole(position) ? position : { reason: 'The cursor is damaged.' }
}

const streamSeqMax = 2 ** 31 - 1

/** A sum is no seal: whatever can be written down may come. */
function isWhole({ streamSeq, horizon, signals }: Position): boolean {
  const numbers = [streamSeq, horizon, signals?.horizon ?? 0]
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return false
  return streamSeq <= streamSeqMax && (!signals || /^\w+$/.test(signals.afterId))
}

/** Of two positions of one stream the one that has seen more. */
export function later(one: Position, other: Position | null): Position {
  if (!other) return one
  if (one.streamSeq !== other.streamSeq) return one.streamSeq > other.streamSeq ? one : other
  return one.horizon >= other.horizon ? one : other
}
