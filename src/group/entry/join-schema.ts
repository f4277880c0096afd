import { UserType } from '../../account/refs.ts'
import { namedUser } from '../../account/store.ts'
import { groupField } from '../../conversation/payload.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../../platform/graphql/connection.ts'
import { defineMutation, inputOf } from '../../platform/graphql/mutation.ts'
import { defineRowNode, NodeInterface } from '../../platform/graphql/node.ts'
import { visibleJoinRequest } from '../join-request-store.ts'
import { memberPayload } from '../payload.ts'
import { GroupJoinRequestType } from '../refs.ts'
import { approveJoinRequest } from './approve.ts'
import { declineJoinRequest } from './decline.ts'
import { joinGroup } from './join.ts'
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
      resolve: ({ userId }, _args, ctx) => namedUser(ctx, userId),
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

const JoinTargetInput = builder.inputType('JoinTargetInput', {
  description: 'The group to join, by exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    groupId: t.id({ description: 'Id of the group; its join policy applies.' }),
    inviteCode: t.string({ description: 'Code of an invite, which overrides the join policy.' }),
  }),
})

const joinRequestId = { required: true, description: 'Id of the join request.' } as const

defineMutation('joinGroup', {
  description:
    'Joins a group, or sends a join request where the policy is APPROVAL. Idempotent. Errors: NOT_FOUND for an unknown group or invite, for INVITE_ONLY without an invite, and for removed members without an invite created since; LIMIT_EXCEEDED when the group is full or has too many pending requests; RATE_LIMITED for too many calls in an hour; INVALID_INPUT for a note over 200 code points.',
  errors: ['NOT_FOUND', 'LIMIT_EXCEEDED', 'RATE_LIMITED', 'INVALID_INPUT'],
  input: inputOf('joinGroup', (t) => ({
    group: t.field({ type: JoinTargetInput, required: true, description: 'The group to join.' }),
    note: t.string({
      description: 'Note to the owner and admins, shown with a join request; at most 200 code points.',
    }),
  })),
  resolve: ({ group, note }, ctx) => joinGroup(ctx, group, note),
  payload: (t) => ({
    conversation: t.expose('conversation', {
      type: GroupConversationType,
      nullable: true,
      description: 'The group, when the viewer is a member now; null while owner or an admin has to approve.',
    }),
    joinRequest: t.expose('request', {
      type: GroupJoinRequestType,
      nullable: true,
      description:
        'The pending join request, or the one that joining with an invite approved; null when there is none.',
    }),
  }),
})

defineMutation('approveJoinRequest', {
  description:
    'Approves a join request. Idempotent. Only for owner and admins, else FORBIDDEN. Errors: CONFLICT when it was declined; LIMIT_EXCEEDED when the group is full, and the request stays pending; NOT_FOUND, also when the user has left again.',
  errors: ['FORBIDDEN', 'CONFLICT', 'LIMIT_EXCEEDED', 'NOT_FOUND'],
  input: inputOf('approveJoinRequest', (t) => ({ joinRequestId: t.id(joinRequestId) })),
  resolve: async ({ joinRequestId }, ctx) => ({
    ...(await approveJoinRequest(ctx, joinRequestId)),
    joinRequestId,
  }),
  payload: (t) => ({
    ...memberPayload(t),
    joinRequest: t.field({
      type: GroupJoinRequestType,
      nullable: true,
      description: 'The request after the change; null if the viewer is no longer owner or admin.',
      resolve: (result, _args, ctx) => visibleJoinRequest(ctx, result.joinRequestId),
    }),
  }),
})

defineMutation('declineJoinRequest', {
  description:
    'Declines a join request. Idempotent. Only for owner and admins, else FORBIDDEN. Errors: CONFLICT when it was approved; NOT_FOUND.',
  errors: ['FORBIDDEN', 'CONFLICT', 'NOT_FOUND'],
  input: inputOf('declineJoinRequest', (t) => ({ joinRequestId: t.id(joinRequestId) })),
  resolve: (input, ctx) => declineJoinRequest(ctx, input.joinRequestId),
  payload: (t) => ({
    joinRequest: t.field({
      type: GroupJoinRequestType,
      description: 'The request after the change.',
      resolve: (request) => request,
    }),
    conversation: groupField(t),
  }),
})
