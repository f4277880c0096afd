import type { Context } from '../../context.ts'
import type { ConversationRow, MembershipRow } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { decodePageKey, encodePageKey, pageSize } from '../../platform/graphql/page.ts'
import { type MessageRow, messageColumns } from '../store.ts'

export interface HistoryArgs {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
  afterSeq?: number | null
  beforeSeq?: number | null
}

const cursorOf = (seq: number) => encodePageKey([seq])

/**
 * A page of the history in seq order. Numbers have no gaps, so a page is a range of them: `first` takes the lowest
 * of what is asked for, `last`, which is the default, the highest.
 */
export async function readHistory(
  ctx: Context,
  conversation: ConversationRow,
  membership: MembershipRow,
  args: HistoryArgs,
): Promise<Connection<MessageRow>> {
  const bounds = readBounds(args, conversation, membership)
  const range = pageRange(ctx, args, bounds)
  const messages = await ctx.sql.query<MessageRow>(
    `select ${messageColumns} from message s
     where s.conversation_id = $1 and s.seq between $2 and $3 order by s.seq`,
    [conversation.id, range.from, range.to],
  )
  const edges = messages.map((node) => ({ cursor: cursorOf(node.seq), node }))
  return {
    edges,
    pageInfo: {
      hasPreviousPage: range.from > membership.visibleFromSeq,
      hasNextPage: range.to < conversation.maxSeq,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function readBounds(args: HistoryArgs, conversation: ConversationRow, membership: MembershipRow) {
  const after = decodePageKey(args.after, ['number'])?.[0] ?? 0
  const before = decodePageKey(args.before, ['number'], 'before')?.[0] ?? Number.MAX_SAFE_INTEGER
  return {
    from: Math.max(membership.visibleFromSeq, after + 1, (args.afterSeq ?? 0) + 1),
    to: Math.min(conversation.maxSeq, before - 1, (args.beforeSeq ?? Number.MAX_SAFE_INTEGER) - 1),
  }
}

function pageRange(ctx: Context, args: HistoryArgs, bounds: { from: number; to: number }) {
  const { limits } = ctx.config
  const given = (value: unknown) => value !== null && value !== undefined
  if (given(args.first) && given(args.last))
    throw invalidInput({ path: 'first', message: 'cannot be given together with last' })
  const forward = given(args.first) || (!given(args.last) && (given(args.after) || given(args.afterSeq)))
  const size = forward ? pageSize(limits, args.first) : pageSize(limits, args.last, 'last')
  return forward
    ? { from: bounds.from, to: Math.min(bounds.to, bounds.from + size - 1) }
    : { from: Math.max(bounds.from, bounds.to - size + 1), to: bounds.to }
}
