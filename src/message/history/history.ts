import type { Context } from '../../context.ts'
import type { ConversationRow, MembershipRow } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { decodePageKey, encodePageKey, pageSize } from '../../platform/graphql/page.ts'
import { type MessageRow, messageColumns, namedMessageColumns } from '../store.ts'

export interface HistoryArgs {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
  afterSeq?: number | null
  beforeSeq?: number | null
  around?: number | null
}

/** Numbers of messages, both included. */
interface Range {
  from: number
  to: number
}

const cursorOf = (seq: number) => encodePageKey([seq])

/** A page of messages in the order of `seq`. The numbers have no gaps, so a page is a range of them. */
export async function readHistory(
  ctx: Context,
  conversation: ConversationRow,
  membership: MembershipRow,
  args: HistoryArgs,
): Promise<Connection<MessageRow>> {
  const readable = { from: membership.visibleFromSeq, to: conversation.maxSeq }
  const range = isGiven(args.around)
    ? rangeAround(ctx, args, args.around, readable)
    : rangeBetween(ctx, args, boundsOf(args, readable))
  const messages = await readRange(ctx, conversation, range)
  const edges = messages.map((node) => ({ cursor: cursorOf(node.seq), node }))
  return {
    edges,
    totalCount: () => Math.max(readable.to - readable.from + 1, 0),
    pageInfo: {
      hasPreviousPage: range.from > readable.from,
      hasNextPage: range.to < readable.to,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

const rangeOfPrimary = `
  select ${namedMessageColumns} from message s
  where s.conversation_id = $1 and s.seq between $2 and $3 order by s.seq`

// Without names, which change without the conversation: they are read from the primary.
const rangeOfReplica = `
  select ${messageColumns} from conversation c
  join message s on s.conversation_id = c.id and s.seq between $2 and $3
  where c.id = $1 and c.version >= $4 and pg_is_in_recovery() order by s.seq`

/**
 * The messages of a range, from the replica if it has the version of the conversation that the primary had at the beginning
 * of the operation. No cursor and no event of the viewer is newer.
 */
async function readRange(
  ctx: Context,
  { id, version }: ConversationRow,
  { from, to }: Range,
): Promise<MessageRow[]> {
  const rows = await ctx.replica?.read<MessageRow>(rangeOfReplica, [id, from, to, version])
  if (rows && rows.length > 0 && rows.length === to - from + 1) return rows
  return ctx.sql.query(rangeOfPrimary, [id, from, to])
}

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined

/** The message in the middle; near an end of the history the page is filled from the other side. */
function rangeAround(ctx: Context, args: HistoryArgs, seq: number, readable: Range): Range {
  const others = ['after', 'before', 'afterSeq', 'beforeSeq'] as const
  const other = others.find((name) => isGiven(args[name]))
  if (other) throw invalidInput({ path: other, message: 'cannot be given together with around' })
  if (seq < 1) throw invalidInput({ path: 'around', message: 'must be the number of a message' })
  const { size } = sizeOf(ctx, args, true)
  // A message before the viewer's history and one that does not exist give the same error.
  if (seq < readable.from || seq > readable.to)
    throw invalidInput({ path: 'around', message: 'is not a message that the viewer may read' })
  const half = Math.floor((size - 1) / 2)
  const from = Math.max(readable.from, Math.min(seq - half, readable.to - size + 1))
  return { from, to: Math.min(readable.to, from + size - 1) }
}

function boundsOf(args: HistoryArgs, readable: Range): Range {
  const after = decodePageKey(args.after, ['number'])?.[0] ?? 0
  const before = decodePageKey(args.before, ['number'], 'before')?.[0] ?? Number.MAX_SAFE_INTEGER
  return {
    from: Math.max(readable.from, after + 1, (args.afterSeq ?? 0) + 1),
    to: Math.min(readable.to, before - 1, (args.beforeSeq ?? Number.MAX_SAFE_INTEGER) - 1),
  }
}

/** `first` takes the lowest numbers of the bounds; `last`, the default, takes the highest. */
function rangeBetween(ctx: Context, args: HistoryArgs, bounds: Range): Range {
  const { size, forward } = sizeOf(ctx, args, isGiven(args.after) || isGiven(args.afterSeq))
  return forward
    ? { from: bounds.from, to: Math.min(bounds.to, bounds.from + size - 1) }
    : { from: Math.max(bounds.from, bounds.to - size + 1), to: bounds.to }
}

function sizeOf(ctx: Context, { first, last }: HistoryArgs, forwardByDefault: boolean) {
  const { limits } = ctx.config
  if (isGiven(first) && isGiven(last))
    throw invalidInput({ path: 'first', message: 'cannot be given together with last' })
  const forward = isGiven(first) || (!isGiven(last) && forwardByDefault)
  return { forward, size: forward ? pageSize(limits, first) : pageSize(limits, last, 'last') }
}
