import type { Message, OwnMessage, Reaction, SharedMessage } from './state.ts'

export interface Kept {
  messages: readonly Message[]
  /** Ids of messages whose reactions by the viewer are not known. */
  unsure: string[]
  /** Ids of messages whose reactions by the viewer are known again. */
  sure: string[]
}

/** The place of a number in messages that are ordered by seq. */
export function indexOfSeq(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((messages[middle] as Message).seq < seq) low = middle + 1
    else high = middle
  }
  return low
}

export function messageAt(messages: readonly Message[], seq: number): Message | undefined {
  const found = messages[indexOfSeq(messages, seq)]
  return found?.seq === seq ? found : undefined
}

/** Takes each message unless a copy with a higher version is held. */
export function keepMessages(
  held: readonly Message[],
  incoming: readonly (SharedMessage | OwnMessage)[],
): Kept {
  const messages = [...held]
  const unsure: string[] = []
  const sure: string[] = []
  for (const message of incoming) {
    const index = indexOfSeq(messages, message.seq)
    const present = messages[index]?.seq === message.seq ? messages[index] : undefined
    if (present && present.version > message.version) continue
    const { reactions, known } = withOwn(message.reactions, present?.reactions)
    if (known) sure.push(message.id)
    else if (present?.version !== message.version) unsure.push(message.id)
    messages.splice(index, present ? 1 : 0, { ...message, reactions, quote: newerQuote(present, message) })
  }
  return { messages: withQuotes(messages), unsure, sure }
}

/** A copy of the same version may have an older quote. */
function newerQuote(present: Pick<Message, 'quote'> | undefined, { quote }: Pick<Message, 'quote'>) {
  const before = present?.quote
  return before && quote && before.version > quote.version ? before : quote
}

/** A change of a quoted message is no change of the messages that quote it. */
export function withQuotes(messages: readonly Message[]): readonly Message[] {
  return messages.map((message) => {
    const { quote } = message
    const quoted = quote && messageAt(messages, quote.seq)
    if (!quoted || quoted.version < quote.version) return message
    const { id, seq, version, senderName, plainText } = quoted
    if (version === quote.version && senderName === quote.senderName) return message
    return { ...message, quote: { id, seq, version, senderName, plainText } }
  })
}

/** An event has the same reactions for every reader; the viewer's are those that the held copy had. */
function withOwn(
  incoming: readonly (Omit<Reaction, 'reactedByMe'> & { reactedByMe?: boolean })[],
  present: readonly Reaction[] = [],
): { reactions: Reaction[]; known: boolean } {
  const before = new Map(present.map((reaction) => [reaction.emoji, reaction]))
  const reactions = incoming.map((reaction) => ({
    ...reaction,
    reactedByMe: reaction.reactedByMe ?? before.get(reaction.emoji)?.reactedByMe ?? false,
  }))
  return { reactions, known: incoming.every(({ reactedByMe }) => reactedByMe !== undefined) }
}

/** Messages without a gap around a number, or up to the newest one. */
export function windowOf(messages: readonly Message[], seq: number): readonly Message[] {
  const at = indexOfSeq(messages, seq)
  if (messages[at]?.seq !== seq) return []
  let from = at
  let to = at
  while (messages[from - 1]?.seq === (messages[from] as Message).seq - 1) from -= 1
  while (messages[to + 1]?.seq === (messages[to] as Message).seq + 1) to += 1
  return messages.slice(from, to + 1)
}
