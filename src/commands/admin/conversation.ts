import type { Context } from '../../context.ts'
import { contentOf, plainText } from '../../message/content/plain-text.ts'
import type { MessageRow } from '../../message/store.ts'
import { inspectConversation, inspectedMax } from '../../moderation/conversation/inspect.ts'
import type { Run } from '../cli/command.ts'
import { administer } from './access.ts'
import { numberOf } from './number.ts'

const facts = `
  select c.id, c.kind::text as kind, g.name, c.max_seq as "maxSeq", c.created_at as "createdAt",
    (select json_agg(json_build_object('id', u.id, 'handle', u.handle, 'role', m.role) order by m.joined_at, u.id)
     from (select * from membership where conversation_id = c.id order by joined_at, user_id limit 1000) m
     join "user" u on u.id = m.user_id) as members
  from conversation c left join group_conversation g on g.conversation_id = c.id where c.id = $1`

interface Facts {
  id: string
  kind: string
  name: string | null
  maxSeq: number
  createdAt: Date
  members: { id: string; handle: string; role: string | null }[] | null
}

export const conversation: Run = (config, input, output) => {
  const [conversationId = ''] = input.arguments
  const count = numberOf('last', input.values.last, { otherwise: 20, max: inspectedMax })
  const { before } = input.values
  const beforeSeq =
    before === undefined ? null : numberOf('before', before, { otherwise: 1, max: 2 ** 31 - 1 })
  return administer(config, input, output, async ({ ctx, actor }) => {
    const rows = await inspectConversation(ctx, actor, { conversationId, beforeSeq, count })
    const messages = await Promise.all(rows.map((row) => show(ctx, row)))
    const [found] = await ctx.sql.query<Facts>(facts, [conversationId])
    const title = `${found?.kind} ${found?.name ?? ''} with ${found?.members?.map(({ handle }) => handle).join(', ') ?? 'no members'}`
    const lines = messages.map(
      ({ seq, sentAt, sender, text }) => `${seq} ${sentAt.toISOString()} ${sender ?? 'system'}: ${text}`,
    )
    output.result({ conversation: found, messages }, [title, ...lines].join('\n'))
    return 0
  })
}

async function show(ctx: Context, row: MessageRow) {
  const { id, seq, senderId, senderName, kind, sentAt, editedAt, recalledAt } = row
  const text = await plainText(ctx, contentOf(row))
  const content = recalledAt ? null : row.content
  return { id, seq, senderId, sender: senderName ?? null, kind, sentAt, editedAt, recalledAt, text, content }
}
