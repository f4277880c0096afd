import type { ConversationRow } from '../../conversation/store.ts'
import { jsonRow } from '../../platform/db/json-row.ts'
import type { Join } from '../../platform/graphql/joins/declare.ts'
import { senderNameOf } from '../sender-name.ts'
import { loadMessageAt, type MessageRow, messageFields } from '../store.ts'
import { boundsOf, type HistoryArgs, isGiven, type Range, sizeOf } from './range.ts'

const message = jsonRow<MessageRow>(messageFields, { sentAt: true, editedAt: true, recalledAt: true }, [
  'senderName',
])
const named = message.select('s', senderNameOf)

/** The newest message, if the viewer may read it. */
export const lastMessageJoin: Join = {
  name: 'lastMessage',
  sql: () =>
    `(select ${named} from message s
     where s.conversation_id = c.id and s.seq = c.max_seq and s.seq >= m.visible_from_seq)`,
  take: (ctx, { id, maxSeq }: ConversationRow, json) =>
    loadMessageAt.prime(ctx, { conversationId: id, seq: maxSeq }, json === null ? null : message.read(json)),
}

// The same range as `readHistory` computes from the row; a difference would only read it again.
const first = (value: (index: number) => string) => `greatest(m.visible_from_seq, ${value(0)})`
const last = (value: (index: number) => string) => `least(c.max_seq, ${value(1)})`

const pages = new WeakMap<ConversationRow, MessageRow[]>()

/** A page of messages. With `around`, or from a replica, it is read on its own. */
export const pageJoin: Join = {
  name: 'messages',
  types: ['integer', 'integer', 'integer', 'boolean'],
  sql: (value) => `(select json_agg(${named} order by s.seq) from message s
    where s.conversation_id = c.id
      and s.seq between case when ${value(3)} then ${first(value)} else greatest(${first(value)}, ${last(value)} - ${value(2)} + 1) end
        and case when ${value(3)} then least(${last(value)}, ${first(value)} + ${value(2)} - 1) else ${last(value)} end)`,
  values(given, ctx) {
    const args: HistoryArgs = given
    if (isGiven(args.around) || ctx.replica) return null
    const { from, to } = boundsOf(args, { from: 0, to: seqMax })
    const { size, forward } = sizeOf(ctx, args, isGiven(args.after) || isGiven(args.afterSeq))
    return [Math.min(from, seqMax), Math.max(to, 0), size, forward]
  },
  take: (_ctx, conversation: ConversationRow, json) =>
    void pages.set(conversation, ((json ?? []) as unknown[]).map(message.read)),
}

/** Above all numbers of messages, and below what an integer of PostgreSQL holds by more than a page. */
const seqMax = 2_000_000_000

/** The messages of a range, if they were read together with the conversation. */
export function joinedMessages(conversation: ConversationRow, { from, to }: Range): MessageRow[] | null {
  const page = pages.get(conversation)
  const [newest] = page?.slice(-1) ?? []
  if (!page || page[0]?.seq !== from || newest?.seq !== to) return null
  return page
}
