import { requireModerator } from '../../account/moderators.ts'
import type { Context } from '../../context.ts'
import { notFound } from '../../errors.ts'
import { type MessageRow, namedMessageColumns } from '../../message/store.ts'
import { check } from '../../platform/validation.ts'
import { withTransaction } from '../../transaction.ts'
import { type Actor, reasonSchema } from '../actor.ts'
import { recordAct } from '../audit.ts'

export interface Excerpt {
  conversationId: string
  /** Only messages before this number; null for the newest. */
  beforeSeq?: number | null
  count: number
}

/** Messages of one look at a conversation. */
export const inspectedMax = 100

const newest = `
  select * from (
    select ${namedMessageColumns} from message s
    where s.conversation_id = $1 and ($2::integer is null or s.seq < $2::integer)
    order by s.seq desc limit $3
  ) page order by page.seq`

/** Reads messages of any conversation, oldest first. The look is in the audit trail before anything is shown. */
export async function inspectConversation(
  ctx: Context,
  actor: Actor,
  { conversationId, beforeSeq, count }: Excerpt,
): Promise<MessageRow[]> {
  return withTransaction(ctx, async (tx) => {
    const found = await tx.sql.query('select from conversation where id = $1', [conversationId])
    if (found.length === 0) throw notFound('conversation')
    const messages = await tx.sql.query<MessageRow>(newest, [conversationId, beforeSeq ?? null, count])
    const range = { fromSeq: messages[0]?.seq ?? null, toSeq: messages.at(-1)?.seq ?? null }
    await recordAct(tx.sql, actor, 'inspectConversation', conversationId, range)
    return messages
  })
}

/** The same for a moderator, who gives a reason. */
export async function inspectAsModerator(
  ctx: Context,
  { reason: given, last, ...excerpt }: Omit<Excerpt, 'count'> & { reason: string; last?: number | null },
): Promise<MessageRow[]> {
  const { userId } = await requireModerator(ctx)
  const reason = check(reasonSchema, given, 'input.reason')
  const count = Math.max(1, Math.min(last ?? 50, inspectedMax))
  return inspectConversation(ctx, { userId, detail: { reason } }, { ...excerpt, count })
}
