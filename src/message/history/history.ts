import type { Context } from '../../context.ts'
import type { ConversationRow, MembershipRow } from '../../conversation/store.ts'
import type { Connection } from '../../platform/graphql/connection.ts'
import { type MessageRow, messageColumns, namedMessageColumns } from '../store.ts'
import { joinedMessages } from './joins.ts'
import { type HistoryArgs, type Range, rangeOf } from './range.ts'

/** A page of messages in the order of `seq`. The numbers have no gaps, so a page is a range of them. */
export async function readHistory(
  ctx: Context,
  conversation: ConversationRow,
  membership: MembershipRow,
  args: HistoryArgs,
): Promise<Connection<MessageRow>> {
  const readable = { from: membership.visibleFromSeq, to: conversation.maxSeq }
  const range = rangeOf(ctx, args, readable)
  const messages =
    range.from > range.to
      ? []
      : (joinedMessages(conversation, range) ?? (await readRange(ctx, conversation, range)))
  const edges = messages.map((node) => ({ key: [node.seq], node }))
  return {
    edges,
    totalCount: () => Math.max(readable.to - readable.from + 1, 0),
    pageInfo: {
      hasPreviousPage: range.from > readable.from,
      hasNextPage: range.to < readable.to,
      startKey: edges[0]?.key ?? null,
      endKey: edges.at(-1)?.key ?? null,
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
