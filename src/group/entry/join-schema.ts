import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../../platform/graphql/connection.ts'
import { defineRowNode, NodeInterface } from '../../platform/graphql/node.ts'
import { visibleJoinRequest } from '../join-request-store.ts'
import { GroupJoinRequestType, GroupMemberType } from '../refs.ts'
import { approveJoinRequest } from './approve.ts'
import { declineJoinRequest } from './decline.ts'
import { type JoinGroupResult, joinGroup } from './join.ts'
import { listJoinRequests } from './list-requests.ts'
import { GroupPreviewType, previewAtRequest } from './preview.ts'

const JoinRequestStatus = builder.enumType('JoinRequestStatus', {
  description: 'State of a join request.',
  values: {
    PENDING: { description: 'Waits for the decision of the owner or an admin.' },
    APPROVED: { description: 'The user is a member, by this request or in another way.' },
    DECLINED: {
      description: 'Declined, or the group or the account has ended. The user may send another request.',
    },
  } as const,
})

GroupJoinRequestType.implement({
  description:
    'A request to join a group with the APPROVAL policy. Visible to the requester, the owner and the admins.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Id of the request.' }),
    group: t.field({
      type: GroupPreviewType,
      description: 'The group at the time of the request.',
      resolve: previewAtRequest,
    }),
    user: t.field({
      type: UserType,
      description: 'User who wants to join.',
      resolve: async (request, _args, ctx) => {
        const user = await loadUser(ctx, request.userId)
        if (!user) throw notFound('user')
        return user
      },
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Note to the owner and admins; null when there is none.',
    }),
    status: t.expose('status', { type: JoinRequestStatus, description: 'State of the request.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the request was sent.' }),
  }),
})

defineRowNode('join_request', { type: GroupJoinRequestType.name, read: visibleJoinRequest })

const JoinRequestConnection = defineConnection(
  'GroupJoinRequest',
  () => GroupJoinRequestType,
  'join requests',
  { counted: 'always' },
)

builder.objectField(GroupConversationType, 'joinRequests', (t) =>
  t.field({
    type: JoinRequestConnection,
    description: 'Pending join requests, oldest first. Empty unless the viewer is owner or admin.',
    args: pageArgs,
    resolve: (conversation, args, ctx) => listJoinRequests(ctx, conversation.id, args),
  }),
)

const JoinGroupInput = builder.inputType('JoinGroupInput', {
  description: 'The group to join, by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    groupId: t.id({ description: 'Id of the group; its join policy applies.' }),
    inviteCode: t.string({ description: 'Code of an invite, which overrides the join policy.' }),
  }),
})

const JoinGroupResultType = builder.objectRef<JoinGroupResult>('JoinGroupResult').implement({
  description: 'Result of joinGroup: exactly one field is not null.',
  fields: (t) => ({
    conversation: t.expose('conversation', {
      type: GroupConversationType,
      nullable: true,
      description: 'The group, when the viewer is a member now.',
    }),
    request: t.expose('request', {
      type: GroupJoinRequestType,
      nullable: true,
      description: 'The join request, when owner or an admin has to approve it.',
    }),
  }),
})

const requestId = { required: true, description: 'Id of the join request.' } as const

builder.mutationFields((t) => ({
  joinGroup: t.field({
    type: JoinGroupResultType,
    description:
      'Joins a group, or sends a join request where the policy is APPROVAL. Idempotent. Errors: NOT_FOUND for an unknown group or invite, for INVITE_ONLY without an invite, and for removed members without an invite created since; LIMIT_EXCEEDED when the group is full or has too many pending requests; RATE_LIMITED for too many calls in an hour; INVALID_INPUT for a note over 200 code points.',
    args: {
      group: t.arg({ type: JoinGroupInput, required: true, description: 'The group to join.' }),
      note: t.arg.string({
        description: 'Note to the owner and admins, shown with a join request; at most 200 code points.',
      }),
    },
    resolve: (_root, { group, note }, ctx) => joinGroup(ctx, group, note),
  }),
  approveJoinRequest: t.field({
    type: GroupMemberType,
    description:
      'Approves a join request. Idempotent. Only for owner and admins, else FORBIDDEN. Errors: CONFLICT when it was declined; LIMIT_EXCEEDED when the group is full, and the request stays pending; NOT_FOUND, also when the user has left again.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => approveJoinRequest(ctx, id),
  }),
  declineJoinRequest: t.field({
    type: GroupJoinRequestType,
    description:
      'Declines a join request. Idempotent. Only for owner and admins, else FORBIDDEN. Errors: CONFLICT when it was approved; NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => declineJoinRequest(ctx, id),
  }),
}))
