import type { Message, Pending } from '@parlance/client'
import { isSameDay } from '../../words/time.ts'

interface Place {
  key: string
  /** Whether the row begins, and ends, what one person wrote at one time. */
  first: boolean
  last: boolean
}

export type Row =
  | { type: 'day'; key: string; at: string }
  | { type: 'unread'; key: string }
  | { type: 'system'; key: string; message: Message }
  | ({ type: 'message'; message: Message; own: boolean } & Place)
  | ({ type: 'pending'; pending: Pending } & Place)

/** Messages of one person within this time belong together. */
const togetherMs = 5 * 60_000

interface Line {
  key: string
  /** Who wrote it; null for system messages. */
  from: string | null
  at: string
  message?: Message
  pending?: Pending
}

const together = (a: Line | undefined, b: Line | undefined) =>
  a !== undefined &&
  b !== undefined &&
  a.from !== null &&
  a.from === b.from &&
  isSameDay(a.at, b.at) &&
  Date.parse(b.at) - Date.parse(a.at) < togetherMs

/** The rows of a history: its messages and those that are not sent yet, with separators. */
export function rowsOf(given: {
  messages: readonly Message[]
  pending: readonly Pending[]
  viewerId: string
  /** The messages above it are new; null for none. */
  unreadAfter: number | null
}): Row[] {
  const { messages, pending, viewerId, unreadAfter } = given
  const sent = new Set(messages.map(({ clientMessageId }) => clientMessageId))
  const lines: Line[] = [
    ...messages.map((message) => ({
      // The row of a message that is sent stays the same element.
      key: message.sender?.id === viewerId && message.clientMessageId ? message.clientMessageId : message.id,
      from: message.sender?.id ?? null,
      at: message.sentAt,
      message,
    })),
    ...pending
      .filter(({ key }) => !sent.has(key))
      .map((one) => ({
        key: one.key,
        from: viewerId,
        at: new Date(one.createdAt).toISOString(),
        pending: one,
      })),
  ]
  return lines.flatMap((line, index) => {
    const [before, after] = [lines[index - 1], lines[index + 1]]
    const rows: Row[] = []
    if (!before || !isSameDay(before.at, line.at))
      rows.push({ type: 'day', key: `day ${line.at.slice(0, 10)} ${line.key}`, at: line.at })
    const isFirstNew =
      unreadAfter !== null &&
      (line.message?.seq ?? 0) > unreadAfter &&
      (before?.message?.seq ?? 0) <= unreadAfter &&
      line.from !== viewerId
    if (isFirstNew) rows.push({ type: 'unread', key: 'unread' })
    const first = isFirstNew || !together(before, line)
    const last = !together(line, after)
    const { key, message } = line
    if (line.pending) rows.push({ type: 'pending', key, pending: line.pending, first, last })
    else if (message && line.from === null) rows.push({ type: 'system', key, message })
    else if (message) rows.push({ type: 'message', key, message, own: line.from === viewerId, first, last })
    return rows
  })
}
