import { UserType } from '../../account/refs.ts'
import { namedUser } from '../../account/store.ts'
import { groupField } from '../../conversation/payload.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { defineDerivedNode, derivedId, NodeInterface } from '../../platform/graphql/node.ts'
import { type InviteRow, loadInvites } from '../invite-store.ts'
import { manages } from '../join-request-store.ts'
import { createGroupInvite } from './create-invite.ts'
import { GroupPreviewType, previewByInvite, usableInvite } from './preview.ts'
import { revokeGroupInvite } from './revoke-invite.ts'

const GroupInviteType = builder.objectRef<InviteRow>('GroupInvite').implement({
  description:
    'A code that admits its holder to a group, whatever its join policy. Ends when its creator leaves the group or is no longer owner or admin.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of the invite.',
      resolve: ({ code }) => derivedId('invite', code),
    }),
    inviteCode: t.exposeString('code', {
      description: 'Code for joinGroup. Anyone who knows it may use it.',
    }),
    group: t.field({
      type: GroupPreviewType,
      description: 'The group that the invite admits to.',
      resolve: (invite, _args, ctx) => previewByInvite(ctx, invite),
    }),
    inviter: t.field({
      type: UserType,
      description: 'Owner or admin who created the invite.',
      resolve: ({ inviterId }, _args, ctx) => namedUser(ctx, inviterId),
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the invite expires; null if it does not.',
    }),
    maxUses: t.exposeInt('maxUses', {
      nullable: true,
      description: 'Maximum number of uses; null when unlimited.',
    }),
    uses: t.exposeInt('uses', { description: 'Number of users who joined with it.' }),
  }),
})

defineDerivedNode('invite', { type: GroupInviteType.name, read: usableInvite })

builder.objectField(GroupConversationType, 'invites', (t) =>
  t.field({
    type: [GroupInviteType],
    items: 'groupInvites',
    description: 'Usable invites, newest first. Empty unless the viewer is owner or admin.',
    resolve: async (conversation, _args, ctx) =>
      (await manages(ctx, conversation.id)) ? ((await loadInvites(ctx, conversation.id))?.invites ?? []) : [],
  }),
)

builder.queryField('groupInvite', (t) =>
  t.field({
    type: GroupInviteType,
    nullable: true,
    description:
      'Preview of an invite by its code; null when it is unknown, expired, used up or revoked, or older than the removal of the viewer from the group.',
    args: { inviteCode: t.arg.string({ required: true, description: 'Code of the invite.' }) },
    resolve: (_root, { inviteCode }, ctx) => usableInvite(ctx, inviteCode),
  }),
)

defineMutation('createGroupInvite', {
  description:
    'Creates an invite to a group. Only for owner and admins, else FORBIDDEN. Errors: NOT_FOUND; INVALID_INPUT for a time in the past or a maxUses outside 1 to 100,000; LIMIT_EXCEEDED when the group has too many active invites; RATE_LIMITED for too many in an hour.',
  errors: ['FORBIDDEN', 'NOT_FOUND', 'INVALID_INPUT', 'LIMIT_EXCEEDED', 'RATE_LIMITED'],
  input: inputOf('createGroupInvite', (t) => ({
    groupId: t.id({ required: true, description: 'Id of the group.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the invite expires, in the future; null if it does not.',
    }),
    maxUses: t.int({ description: 'Maximum number of uses, 1 to 100,000; null when unlimited.' }),
  })),
  resolve: ({ groupId, ...terms }, ctx) => createGroupInvite(ctx, groupId, terms),
  payload: (t) => ({
    invite: t.field({ type: GroupInviteType, description: 'The new invite.', resolve: (invite) => invite }),
    conversation: groupField(t),
  }),
})

defineMutation('revokeGroupInvite', {
  description:
    'Revokes an invite; users who joined with it stay. Idempotent. Only for owner and admins of its group; FORBIDDEN for other members. Errors: NOT_FOUND.',
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  input: inputOf('revokeGroupInvite', (t) => ({
    inviteCode: t.string({ required: true, description: 'Code of the invite.' }),
  })),
  resolve: async ({ inviteCode }, ctx) => ({
    inviteCode,
    conversationId: await revokeGroupInvite(ctx, inviteCode),
  }),
  payload: (t) => ({
    revokedInviteCode: t.exposeString('inviteCode', {
      description: 'Code of the invite, which admits no one.',
    }),
    conversation: groupField(t),
  }),
})
