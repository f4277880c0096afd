import { requireViewer } from '../context.ts'
import { ConversationInterface } from '../conversation/refs.ts'
import { loadMembership } from '../conversation/store.ts'
import { mentionAllRefusal } from '../group/policy.ts'
import { loadGroup } from '../group/store.ts'
import { builder } from '../platform/graphql/builder.ts'

builder.interfaceField(ConversationInterface, 'viewerCanMentionAll', (t) =>
  t.boolean({
    description:
      'Whether the viewer may mention all members, by GroupConversation.mentionAllPolicy; always true in a direct conversation.',
    resolve: async ({ id, kind, memberCount }, _args, ctx) => {
      if (kind === 'DIRECT') return true
      const key = { conversationId: id, userId: requireViewer(ctx).userId }
      const [group, membership] = await Promise.all([loadGroup(ctx, id), loadMembership(ctx, key)])
      if (!group || !membership) return false
      const { mentionAllPolicy } = group
      return !mentionAllRefusal({ role: membership.role, memberCount, mentionAllPolicy }, ctx.config)
    },
  }),
)
