import { type Context, requireViewer } from '../../context.ts'
import { type ConversationRow, type MembershipRow, viewColumns } from '../../conversation/store.ts'
import { invalidInput } from '../../errors.ts'
import { pageSize } from '../../platform/graphql/page.ts'
import { type MessageRow, namedMessageColumns } from '../store.ts'

export interface ConversationChanges {
  conversation: ConversationRow
  messages: MessageRow[]
  /** The version to continue from. */
  version: number
  maxSeq: number
  hasMore: boolean
}

// JSON, so that one statement and one snapshot contain the messages and the version that they lead to.
const changesForViewer = `
  select ${viewColumns}, coalesce(
    (select json_agg(page order by page.version) from (
       select ${namedMessageColumns} from message s
       where s.conversation_id = c.id and s.version > $2 and s.seq >= m.visible_from_seq
       order by s.version limit $3
     ) page), '[]') as messages
  from conversation c join membership m on m.conversation_id = c.id and m.user_id = $4
  where c.id = $1`

export type ChangesRow = ConversationRow & {
  messages: (Omit<MessageRow, DateKeys> & Record<DateKeys, string | null>)[]
}
type DateKeys = 'sentAt' | 'editedAt' | 'recalledAt'

const date = (text: string | null) => (text === null ? null : new Date(text))

/** The changes of a row that was read with one message more than the limit. */
export function toChanges(row: ChangesRow, limit: number): ConversationChanges {
  const { messages: rows, ...conversation } = row
  const messages = rows.slice(0, limit).map((message) => ({
    ...message,
    sentAt: new Date(message.sentAt ?? 0),
    editedAt: date(message.editedAt),
    recalledAt: date(message.recalledAt),
  }))
  const hasMore = rows.length > limit
  const version = hasMore ? (messages.at(-1)?.version ?? conversation.version) : conversation.version
  return { conversation, messages, version, maxSeq: conversation.maxSeq, hasMore }
}

/** The messages that changed after a version, each once and in its current state, oldest change first; null for non-members. */
export async function readChanges(
  ctx: Context,
  conversationId: string,
  afterVersion: number,
  first: number | null | undefined,
): Promise<ConversationChanges | null> {
  if (afterVersion < 0) throw invalidInput({ path: 'afterVersion', message: 'must not be negative' })
  const limit = pageSize(ctx.config.limits, first)
  const viewer = requireViewer(ctx)
  const params = [conversationId, afterVersion, limit + 1, viewer.userId]
  const [row] = await ctx.sql.query<ChangesRow & MembershipRow>(changesForViewer, params)
  if (!row) return null
  const changes = toChanges(row, limit)
  return { ...changes, conversation: { ...changes.conversation, membership: row } }
}
