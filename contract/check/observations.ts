import type { History } from './model.ts'

/** A message as a user saw it, by whatever channel. */
export interface Sight {
  user: string
  device: string
  server: number
  via: string
  /** When the answer was asked for; for an event, when it arrived. */
  begin: number
  end: number
  conversation: string
  id: string
  seq: number
  version: number
  text: string
  recalled: boolean
  sentAt: string
  sender: string | null
  key: string | null
  system: { event: string; subjects: string[] } | null
  quote: { seq: number; text: string } | null
}

/** Numbers of a conversation as a user saw them. */
export interface Count {
  user: string
  via: string
  begin: number
  end: number
  conversation: string
  maxSeq: number | null
  messageCount: number | null
  readSeq: number | null
  readCount: number | null
  unreadCount: number | null
}

interface Source {
  user: string
  device: string
  server: number
  via: string
  begin: number
  end: number
}

type Parts = Record<string, unknown>

const isParts = (value: unknown): value is Parts => typeof value === 'object' && value !== null

/** Every message and every number in the answers and events of a history. */
export function observationsOf({ operations, events }: Pick<History, 'operations' | 'events'>): {
  sights: Sight[]
  counts: Count[]
} {
  const found: { sights: Sight[]; counts: Count[] } = { sights: [], counts: [] }
  for (const operation of operations) {
    if (operation.result !== 'ok') continue
    const { user, device, server, f, begin, end } = operation
    const id = operation.in.id ?? operation.in.conversationId
    walk(operation.out, { user, device, server, via: f, begin, end }, id ? String(id) : null, found)
  }
  for (const { user, device, server, received, event } of events) {
    const source = { user, device, server, via: 'event', begin: received, end: received }
    walk(event, source, event.conversationId ? String(event.conversationId) : null, found)
  }
  return found
}

function walk(
  value: unknown,
  source: Source,
  within: string | null,
  found: { sights: Sight[]; counts: Count[] },
) {
  if (Array.isArray(value)) for (const item of value) walk(item, source, within, found)
  if (!isParts(value) || Array.isArray(value)) return
  const isConversation = 'membership' in value && 'maxSeq' in value
  const conversation = isConversation ? String(value.id) : within
  if ('plainText' in value && 'version' in value)
    found.sights.push(sightOf(value, source, conversation ?? ''))
  const numbers = isConversation ? { ...value, ...(value.membership as Parts) } : value
  if (conversation && (isConversation || 'messageCount' in value || 'readCount' in value))
    found.counts.push(countOf(numbers, source, conversation))
  for (const [name, part] of Object.entries(value))
    if (!(isConversation && name === 'membership')) walk(part, source, conversation, found)
}

function sightOf(value: Parts, source: Source, conversation: string): Sight {
  const content = value.content as { event?: string; subjects?: { id: string }[] } | undefined
  const quote = value.quote as { seq: number; plainText: string } | null | undefined
  return {
    ...source,
    conversation: conversation || '?',
    id: String(value.id),
    seq: Number(value.seq),
    version: Number(value.version),
    text: String(value.plainText),
    recalled: value.recalledAt != null,
    sentAt: String(value.sentAt),
    sender: (value.sender as { id: string } | null)?.id ?? null,
    key: value.clientMessageId == null ? null : String(value.clientMessageId),
    system: content?.event
      ? { event: content.event, subjects: (content.subjects ?? []).map(({ id }) => id) }
      : null,
    quote: quote ? { seq: quote.seq, text: quote.plainText } : null,
  }
}

function countOf(value: Parts, { user, via, begin, end }: Source, conversation: string): Count {
  const number = (name: string) => (typeof value[name] === 'number' ? value[name] : null)
  return {
    ...{ user, via, begin, end, conversation },
    maxSeq: number('maxSeq'),
    messageCount: number('messageCount'),
    readSeq: number('readSeq'),
    readCount: number('readCount'),
    unreadCount: number('unreadCount'),
  }
}
