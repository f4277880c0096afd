import { UserType } from '../../account/refs.ts'
import { loadUser } from '../../account/store.ts'
import { GroupConversationType } from '../../conversation/refs.ts'
import { notFound } from '../../errors.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { defineConnection, pageArgs } from '../../platform/graphql/connection.ts'
import { GroupJoinRequestType, GroupMemberType } from '../refs.ts'
import { approveJoinRequest } from './approve.ts'
import { declineJoinRequest } from './decline.ts'
import { type JoinGroupResult, joinGroup } from './join.ts'
import { listJoinRequests } from './list-requests.ts'
import { GroupPreviewType } from './preview.ts'

const JoinRequestStatus = builder.enumType('JoinRequestStatus', {
  description: 'What became of a request to be let into a group.',
  values: {
    PENDING: { description: 'It waits for an owner or admin.' },
    APPROVED: { description: 'The person got in, by this or in another way.' },
    DECLINED: {
      description: 'Not let in; the person may ask again. Also when the group or the account is gone.',
    },
  } as const,
})

GroupJoinRequestType.implement({
  description: 'Somebody asks to be let into a group. It is for them and for the owner and admins.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Names the request for approving and declining it.' }),
    group: t.field({
      type: GroupPreviewType,
      description:
        'Which group, as it was when the request was made: what it is later is for those who are in it.',
      resolve: ({ conversationId, groupName, groupMemberCount, groupJoinPolicy }) => ({
        conversationId,
        name: groupName,
        memberCount: groupMemberCount,
        joinPolicy: groupJoinPolicy,
        avatarKey: null,
      }),
    }),
    user: t.field({
      type: UserType,
      description: 'Who asks.',
      resolve: async (request, _args, ctx) => {
        const user = await loadUser(ctx, request.userId)
        if (!user) throw notFound('user')
        return user
      },
    }),
    note: t.exposeString('note', { nullable: true, description: 'What they wrote with it.' }),
    status: t.expose('status', { type: JoinRequestStatus, description: 'What became of it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they asked.' }),
  }),
})

const JoinRequestConnection = defineConnection(
  'GroupJoinRequest',
  () => GroupJoinRequestType,
  'requests to be let into a group',
)

builder.objectField(GroupConversationType, 'joinRequests', (t) =>
  t.field({
    type: JoinRequestConnection,
    description:
      'Requests that wait for an answer, the oldest first; for the owner and admins, empty for others.',
    args: pageArgs,
    resolve: (conversation, args, ctx) => listJoinRequests(ctx, conversation.id, args),
  }),
)

const JoinGroupInput = builder.inputType('JoinGroupInput', {
  description: 'Which group to join: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    groupId: t.id({ description: 'By its id: as its join policy says.' }),
    inviteCode: t.string({ description: 'By an invite: whatever its join policy says.' }),
  }),
})

const JoinGroupResultType = builder.objectRef<JoinGroupResult>('JoinGroupResult').implement({
  description: 'What came of joining: one of the two.',
  fields: (t) => ({
    conversation: t.expose('conversation', {
      type: GroupConversationType,
      nullable: true,
      description: 'The group, when I am in it now.',
    }),
    request: t.expose('request', {
      type: GroupJoinRequestType,
      nullable: true,
      description: 'My request, when an owner or admin has to approve it first.',
    }),
  }),
})

const requestId = { required: true, description: 'The id of the request.' } as const

builder.mutationFields((t) => ({
  joinGroup: t.field({
    type: JoinGroupResultType,
    description:
      'I join a group, or ask to be let in where its policy is APPROVAL; joining or asking twice changes nothing. NOT_FOUND when there is no such group or invite, when the policy is INVITE_ONLY and no invite is given, and for those who were removed and have no invite that was made since; LIMIT_EXCEEDED when the group is full or too many wait, RATE_LIMITED for too many in an hour, INVALID_INPUT for a note over 200 code points.',
    args: {
      group: t.arg({ type: JoinGroupInput, required: true, description: 'Which group, and by what right.' }),
      note: t.arg.string({
        description: 'What to tell the owner and admins with a request, at most 200 code points.',
      }),
    },
    resolve: (_root, { group, note }, ctx) => joinGroup(ctx, group, note),
  }),
  approveJoinRequest: t.field({
    type: GroupMemberType,
    description:
      'Lets in who asked; again, it changes nothing. For the owner and admins; others are refused with FORBIDDEN. CONFLICT when it was declined, LIMIT_EXCEEDED when the group is full: the request stays. NOT_FOUND, also when the person has left again.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => approveJoinRequest(ctx, id),
  }),
  declineJoinRequest: t.field({
    type: GroupJoinRequestType,
    description:
      'Does not let in who asked; again, it changes nothing. For the owner and admins; others are refused with FORBIDDEN. CONFLICT when it was approved, NOT_FOUND.',
    args: { id: t.arg.id(requestId) },
    resolve: (_root, { id }, ctx) => declineJoinRequest(ctx, id),
  }),
}))
