import { type Context, requireViewer } from '../context.ts'
import type { Scope } from './engine/search-index.ts'

// Filters of an index are limited, so the conversations with the oldest activity are left out.
const scopesMax = 5_000

/** The conversations that the viewer may search: all of theirs, or the given ones among them. */
export function readScopes(ctx: Context, conversationIds: string[] | null): Promise<Scope[]> {
  return ctx.sql.query<Scope>(
    `select m.conversation_id as "conversationId", m.visible_from_seq as "fromSeq",
            c.max_seq as "maxSeq", c.last_activity_at as "activeAt"
     from membership m join conversation c on c.id = m.conversation_id
     where m.user_id = $1 and c.message_count > 0 and ($2::text[] is null or m.conversation_id = any($2))
     order by c.last_activity_at desc limit ${scopesMax}`,
    [requireViewer(ctx).userId, conversationIds],
  )
}
