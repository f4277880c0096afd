import { isModerator } from '../../account/moderators.ts'
import { requireViewer } from '../../context.ts'
import type { Listener } from '../../hooks.ts'

const isReported = `
  select from message_media h
  join message s on s.conversation_id = h.conversation_id and s.seq = h.seq
  join report r on r.message_id = s.id
  where h.media_id = $1 limit 1`

/** Lets moderators read the media of reported messages, as long as the message holds them. */
export const mayReadReported: Listener<'mayReadMedia'> = async (ctx, mediaId) => {
  if (!(await isModerator(ctx, requireViewer(ctx).userId))) return false
  return (await ctx.sql.query(isReported, [mediaId])).length > 0
}
