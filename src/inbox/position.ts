import { crc32 } from 'node:zlib'

/** How far a user's stream was delivered. */
export interface Position {
  /** Every change with a number up to this one was delivered. */
  streamSeq: number
  /** Every change that the delivery clock numbers was delivered up to this tick. */
  tick: number
  /**
   * Milliseconds since 1970 by the clock of the database: message changes before this time were delivered. Only an
   * optimisation: if the clock is wrong, the client pulls what is missing.
   */
  since: number
  /** A catch-up is between two pages of conversations of the clock: after this id. Tick and time apply once it is done. */
  signals?: { afterId: string; tick: number; since: number }
  /** What was delivered of broadcast conversations after the tick. */
  broadcasts?: Broadcasts
}

export interface Broadcasts {
  /** The latest tick of these deliveries. */
  tick: number
  /** How far each conversation was delivered, latest delivery last. */
  reached: readonly Reached[]
}

/** How far a broadcast conversation was delivered. Readers share it: each cursor contains its text. */
export class Reached {
  readonly conversationId: string
  /** Number of the newest message. */
  readonly seq: number
  readonly version: number
  readonly text: string

  constructor(conversationId: string, seq: number, version: number) {
    this.conversationId = conversationId
    this.seq = seq
    this.version = version
    this.text = `-${conversationId}-${seq}-${version}`
  }
}

/** More would make each cursor long. One that is left out is known again by the tick of the next Checkpoint. */
const broadcastsMax = 16

/** The position after a delivery of a broadcast conversation. */
export function afterBroadcast(position: Position, newest: Reached, tick: number): Position {
  const { broadcasts } = position
  // Field by field: this runs for each reader of each message.
  return {
    streamSeq: position.streamSeq,
    tick: position.tick,
    since: position.since,
    broadcasts: {
      tick: Math.max(tick, broadcasts?.tick ?? 0),
      reached: broadcasts ? withNewest(broadcasts.reached, newest) : [newest],
    },
  }
}

function withNewest(earlier: readonly Reached[], newest: Reached): readonly Reached[] {
  if (earlier.length === 1 && earlier[0]?.conversationId === newest.conversationId) return [newest]
  const others = earlier.filter(({ conversationId }) => conversationId !== newest.conversationId)
  others.push(newest)
  return others.length > broadcastsMax ? others.slice(1) : others
}

/** How far a broadcast conversation was delivered; undefined if the position does not name it. */
export const reachedOf = ({ broadcasts }: Position, id: string): Reached | undefined =>
  broadcasts?.reached.find(({ conversationId }) => conversationId === id)

/** The position of a reader that has everything up to a tick and a time. */
export function atTick(position: Position, { tick, since }: { tick: number; since: number }): Position {
  const { streamSeq, broadcasts } = position
  return { streamSeq, tick, since, ...(broadcasts && broadcasts.tick > tick && { broadcasts }) }
}

/** The latest tick of which the reader has seen a delivery. */
export const latestTick = ({ tick, broadcasts }: Position): number => Math.max(tick, broadcasts?.tick ?? 0)

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

const formatVersion = '4'
/** Version 3 has no broadcasts. */
const knownVersions = new Set(['3', formatVersion])
const unreadMark = 'u'
const broadcastsForm = /^b(\d+)((?:-\w+-\d+-\d+)*)$/

/** Each event has one, so it is text that JSON and URLs need not escape. */
export function encodeCursor(owner: CursorOwner, position: Position, owesUnread = false): string {
  const { streamSeq, tick, since, signals, broadcasts } = position
  let text = `${formatVersion}.${owner.userId}.${owner.history}.${streamSeq}.${tick}.${since}`
  if (signals) text += `.${signals.afterId}.${signals.tick}.${signals.since}`
  if (broadcasts) text += encodeBroadcasts(broadcasts)
  if (owesUnread) text += `.${unreadMark}`
  return `${text}.${crc32(text).toString(36)}`
}

/** Decodes a cursor of this user, or returns why it is invalid. Only the database can check the history. */
export function decodeCursor(userId: string, cursor: string): Cursor | { reason: string } {
  const parts = cursor.split('.')
  const checksum = parts.pop()
  if (checksum !== crc32(parts.join('.')).toString(36)) return { reason: 'The cursor is damaged.' }
  const owesUnread = parts.at(-1) === unreadMark
  if (owesUnread) parts.pop()
  const broadcasts = decodeBroadcasts(parts.at(-1))
  if (broadcasts) parts.pop()
  const [format, owner, history = '', streamSeq, tick, since, afterId, nextTick, nextSince] = parts
  if (!knownVersions.has(String(format))) return { reason: 'The cursor is of another version of the server.' }
  if (owner !== userId) return { reason: 'The cursor belongs to another user.' }
  const position = {
    streamSeq: Number(streamSeq),
    tick: Number(tick),
    since: Number(since),
    ...(afterId ? { signals: { afterId, tick: Number(nextTick), since: Number(nextSince) } } : {}),
    ...(broadcasts && { broadcasts }),
  }
  return isWhole(position) ? { history, position, owesUnread } : { reason: 'The cursor is damaged.' }
}

function encodeBroadcasts({ tick, reached }: Broadcasts): string {
  let text = `.b${tick}`
  for (const each of reached) text += each.text
  return text
}

function decodeBroadcasts(part = ''): Broadcasts | null {
  const [, tick, deliveries = ''] = part.match(broadcastsForm) ?? []
  if (tick === undefined) return null
  const [, ...texts] = deliveries.split('-')
  const reached: Reached[] = []
  for (let index = 0; index < texts.length; index += 3)
    reached.push(new Reached(String(texts[index]), Number(texts[index + 1]), Number(texts[index + 2])))
  return { tick: Number(tick), reached }
}

/** Why a cursor of a history that this database does not have is invalid. */
export const otherHistory = 'The cursor is from another history of the database, such as before a restore.'

const integerMax = 2 ** 31 - 1
/** The largest time of a Date. */
const sinceMax = 8.64e15

/** A checksum can be forged, so any numbers may arrive. */
function isWhole({ streamSeq, tick, since, signals, broadcasts }: Position): boolean {
  const numbers = [streamSeq, tick, since, signals?.tick ?? 0, signals?.since ?? 0, broadcasts?.tick ?? 0]
  const reached = broadcasts?.reached ?? []
  if (reached.length > broadcastsMax) return false
  if (reached.some(({ seq, version }) => seq > integerMax || version > integerMax)) return false
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return false
  if (since > sinceMax || (signals && signals.since > sinceMax)) return false
  return streamSeq <= integerMax && (!signals || /^\w+$/.test(signals.afterId))
}

/** The later of two positions of one stream. */
export function later(one: Position, other: Position | null): Position {
  if (!other) return one
  if (one.streamSeq !== other.streamSeq) return one.streamSeq > other.streamSeq ? one : other
  if (one.tick !== other.tick) return one.tick > other.tick ? one : other
  return latestTick(one) >= latestTick(other) ? one : other
}
