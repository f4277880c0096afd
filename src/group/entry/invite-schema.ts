import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { requireViewer } from '../../context.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { findInvite, type InviteRow, loadInvites } from '../invite-store.ts'
import { manages } from '../join-request-store.ts'
import { loadGroupPreview } from '../store.ts'
import { createGroupInvite } from './create-invite.ts'
import { GroupPreviewType } from './preview.ts'
import { revokeGroupInvite } from './revoke-invite.ts'

const GroupInviteType = builder.objectRef<InviteRow>('GroupInvite').implement({
  description:
    'A code that lets whoever holds it into a group, whatever its join policy. It is the word of an owner or admin, and ends when they leave the group or are neither any more.',
  fields: (t) => ({
    inviteCode: t.exposeString('code', { description: 'What joinGroup takes. Whoever knows it may use it.' }),
    group: t.field({
      type: GroupPreviewType,
      description: 'What it leads to.',
      resolve: async (invite, _args, ctx) => {
        const group = await loadGroupPreview(ctx, invite.conversationId)
        if (!group) throw notFound('conversation')
        return group
      },
    }),
    inviter: t.field({
      type: UserType,
      description: 'Who made it.',
      resolve: async (invite, _args, ctx) => {
        const inviter = await loadUser(ctx, invite.inviterId)
        if (!inviter) throw notFound('user')
        return inviter
      },
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'It lets nobody in from then on; null when it has no end.',
    }),
    maxUses: t.exposeInt('maxUses', {
      nullable: true,
      description: 'How many people it lets in; null when there is no such limit.',
    }),
    uses: t.exposeInt('uses', { description: 'How many people it has let in.' }),
  }),
})

builder.objectField(GroupConversationType, 'invites', (t) =>
  t.field({
    type: [GroupInviteType],
    description:
      'The invites that let somebody in now, the newest first; for the owner and admins, empty for others.',
    resolve: async (conversation, _args, ctx) =>
      (await manages(ctx, conversation.id)) ? ((await loadInvites(ctx, conversation.id))?.invites ?? []) : [],
  }),
)

builder.queryField('groupInvite', (t) =>
  t.field({
    type: GroupInviteType,
    nullable: true,
    description:
      'What an invite code leads to, before joining; null when there is no such invite, or it lets me in no more: it is past its time, used up or revoked, or older than my removal from the group.',
    args: { inviteCode: t.arg.string({ required: true, description: 'The code.' }) },
    resolve: async (_root, { inviteCode }, ctx) => {
      const invite = await findInvite(ctx.sql, requireViewer(ctx), inviteCode)
      return invite?.usable ? invite : null
    },
  }),
)

builder.mutationFields((t) => ({
  createGroupInvite: t.field({
    type: GroupInviteType,
    description:
      'Makes an invite to a group. For its owner and admins; others are refused with FORBIDDEN. NOT_FOUND, INVALID_INPUT for a time that has passed or a number of uses below 1 or over 100,000, LIMIT_EXCEEDED when the group has as many as it may, RATE_LIMITED for too many in an hour.',
    args: {
      groupId: t.arg.id({ required: true, description: 'The id of the group.' }),
      expiresAt: t.arg({ type: 'DateTime', description: 'Its end; without one it has none.' }),
      maxUses: t.arg.int({ description: 'How many people it lets in, 1 to 100,000; without it any number.' }),
    },
    resolve: (_root, { groupId, ...terms }, ctx) => createGroupInvite(ctx, groupId, terms),
  }),
  revokeGroupInvite: t.field({
    type: GroupConversationType,
    description:
      'Ends an invite; those who came in by it stay. For the owner and admins of its group; other members are refused with FORBIDDEN. NOT_FOUND.',
    args: { inviteCode: t.arg.string({ required: true, description: 'The code.' }) },
    resolve: (_root, { inviteCode }, ctx) => revokeGroupInvite(ctx, inviteCode),
  }),
}))
