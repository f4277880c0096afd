import { avatarUrl } from '../../account/avatar.ts'
import { type Context, requireViewer } from '../../context.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineDerivedNode, derivedId, NodeInterface } from '../../platform/graphql/node.ts'
import { JoinPolicy } from '../enums.ts'
import { findInvite, type InviteRow } from '../invite-store.ts'
import { type JoinRequestRow, visibleJoinRequest } from '../join-request-store.ts'
import { type GroupPreviewRow, loadGroupPreview } from '../store.ts'

/** A preview and what gives the viewer the right to see it: an invite or a join request. */
type GroupPreview = GroupPreviewRow & { through: string }

export const GroupPreviewType = builder.objectRef<GroupPreview>('GroupPreview').implement({
  description:
    'What holders of an invite and users with a join request see of a group. Each invite and each request has a preview of its own.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.id({
      description: 'Id of the preview.',
      resolve: ({ through }) => derivedId('preview', through),
    }),
    conversationId: t.exposeID('conversationId', {
      description: 'Id of the group; its conversation is readable for members only.',
    }),
    name: t.exposeString('name', { description: 'Name of the group.' }),
    avatarUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'Avatar of the group; null when there is none.',
      resolve: (group, _args, ctx) => avatarUrl(ctx, group.avatarKey),
    }),
    memberCount: t.exposeInt('memberCount', { description: 'Number of members.' }),
    joinPolicy: t.expose('joinPolicy', {
      type: JoinPolicy,
      description: 'How users join without an invite.',
    }),
  }),
})

/** The group to which an invite admits, in its current state. */
export async function previewByInvite(ctx: Context, invite: InviteRow): Promise<GroupPreview> {
  const group = await loadGroupPreview(ctx, invite.conversationId)
  if (!group) throw new Error(`The group ${invite.conversationId} is missing.`)
  return { ...group, through: derivedId('invite', invite.code) }
}

/** The group at the time of a join request. */
export const previewAtRequest = (request: JoinRequestRow): GroupPreview => ({
  through: derivedId('request', request.id),
  conversationId: request.conversationId,
  name: request.groupName,
  memberCount: request.groupMemberCount,
  joinPolicy: request.groupJoinPolicy,
  avatarKey: null,
})

/** An invite with which the viewer can join now. */
export async function usableInvite(ctx: Context, code: string): Promise<InviteRow | null> {
  const invite = await findInvite(ctx.sql, requireViewer(ctx), code)
  return invite?.usable ? invite : null
}

defineDerivedNode('preview', {
  type: GroupPreviewType.name,
  read: async (ctx, key) => {
    const [, through, id] = key.match(/^(invite|request)_(.*)$/) ?? []
    if (!id) return null
    if (through === 'request') {
      const request = await visibleJoinRequest(ctx, id)
      return request && previewAtRequest(request)
    }
    const invite = await usableInvite(ctx, id)
    return invite && previewByInvite(ctx, invite)
  },
})
