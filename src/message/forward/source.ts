import { type Context, requireViewer } from '../../context.ts'
import { findMembership } from '../../conversation/store.ts'
import { notFound, refuse } from '../../errors.ts'
import type { Sql } from '../../platform/db/sql.ts'
import type { Forwardable, ForwardSource } from '../content/kinds/forward.ts'

/** The messages to forward, with the present names; the copy keeps them when they change. */
export interface ForwardedFrom {
  source: ForwardSource
  messages: (Forwardable & { seq: number })[]
}

const readSource = `
  select c.kind::text as kind, coalesce(g.name, (
    select string_agg(u.display_name, ' & ' order by u.display_name, u.id)
    from membership m join "user" u on u.id = m.user_id where m.conversation_id = c.id)) as title
  from conversation c left join group_conversation g on g.conversation_id = c.id
  where c.id = $1`

const readMessages = `
  select s.seq, s.kind::text as kind, s.content, s.sent_at as "sentAt", s.sender_id is null as "isSystem",
         s.recalled_at is not null as "isRecalled", coalesce(m.nickname, u.display_name, '') as "senderName"
  from message s
  left join membership m on m.conversation_id = s.conversation_id and m.user_id = s.sender_id
  left join "user" u on u.id = s.sender_id
  where s.conversation_id = $1 and s.seq = any($2::integer[]) and s.seq >= $3
  order by s.seq`

type SourceRow = Forwardable & { seq: number; isSystem: boolean; isRecalled: boolean }

/** Reads the messages; each must be readable and forwardable. Requires the lock of their conversation. */
export async function readForwarded(
  ctx: Context,
  sql: Sql,
  conversationId: string,
  seqs: number[],
): Promise<ForwardedFrom> {
  const { userId } = requireViewer(ctx)
  const membership = await findMembership(sql, { conversationId, userId })
  if (!membership) throw notFound('conversation')
  const messages = await sql.query<SourceRow>(readMessages, [conversationId, seqs, membership.visibleFromSeq])
  // A message before the viewer's history and one that does not exist give the same error.
  if (messages.length < seqs.length) throw notFound('message')
  const issuesWith = (fault: 'isSystem' | 'isRecalled', message: string) =>
    messages
      .filter((each) => each[fault])
      .map(({ seq }) => ({ path: `input.seqs.${seqs.indexOf(seq)}`, message }))
  const system = issuesWith('isSystem', 'is a system message')
  if (system.length > 0) throw refuse('FORBIDDEN', 'System messages cannot be forwarded.', { issues: system })
  const recalled = issuesWith('isRecalled', 'was recalled')
  if (recalled.length > 0) throw refuse('CONFLICT', 'The message was recalled.', { issues: recalled })
  const [source] = await sql.query<ForwardSource>(readSource, [conversationId])
  return { source: source as ForwardSource, messages }
}
