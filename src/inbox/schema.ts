import { type GraphQLResolveInfo, Kind } from 'graphql'
import { MeType, UserType } from '../account/refs.ts'
import { loadUser, type UserRow } from '../account/store.ts'
import { FriendRequestType, FriendshipType } from '../contact/refs.ts'
import { loadFriendRequest, requestFor } from '../contact/request/store.ts'
import { loadFriendship } from '../contact/store.ts'
import { type Context, requireViewer } from '../context.ts'
import { ConversationInterface } from '../conversation/refs.ts'
import { visibleConversation } from '../conversation/store.ts'
import { visibleJoinRequest } from '../group/join-request-store.ts'
import { GroupJoinRequestType } from '../group/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { sizes } from '../platform/graphql/connection.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import { analyseSharing } from '../platform/graphql/shared/analysis.ts'
import { type Lookup, lookUpAll, lookUpExisting } from '../platform/loader.ts'
import { acknowledge } from './acknowledge/acknowledge.ts'
import { InboxEventInterface } from './event/refs.ts'
import './event/schema.ts'
import { type SyncPage, sync, syncCursor } from './sync.ts'

/** Whether the client selects the total unread count, which is read only then. */
function selectsUnread({ schema, operation, fragments }: GraphQLResolveInfo): boolean {
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const
  return analyseSharing(schema, document, operation).selects(['MeChanged', 'me', 'unreadCount'])
}

const friendshipOf = (ctx: Context, peerId: string) =>
  loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId })

const SyncPageType = builder.objectRef<SyncPage>('SyncPage').implement({
  description: 'Everything that changed for the viewer after a cursor, in its current state.',
  fields: (t) => ({
    removedConversationIds: t.exposeIDList('removedConversationIds', {
      description:
        'Conversations that the viewer left or was removed from, or that were dissolved. Apply these first: an id that is also in conversations was left and joined again.',
    }),
    conversations: t.field({
      type: [ConversationInterface],
      items: 'page',
      description: "Conversations with a change of messages, settings, members, or the viewer's membership.",
      resolve: (page, _args, ctx) =>
        lookUpExisting(page.ids.conversations, (id) => visibleConversation(ctx, requireViewer(ctx), id)),
    }),
    friendships: t.field({
      type: [FriendshipType],
      items: 'page',
      description: 'Friendships that began or got another remark.',
      resolve: (page, _args, ctx) => lookUpExisting(page.ids.friendships, (id) => friendshipOf(ctx, id)),
    }),
    removedFriendIds: t.idList({
      description: 'Users who are no longer friends of the viewer.',
      resolve: async (page, _args, ctx) => {
        const friendships = await lookUpAll(page.ids.friendships, (id) => friendshipOf(ctx, id))
        return page.ids.friendships.filter((_id, index) => !friendships[index])
      },
    }),
    friendRequests: t.field({
      type: [FriendRequestType],
      items: 'page',
      description: 'Friend requests to or from the viewer that were sent, accepted, declined or cancelled.',
      resolve: (page, _args, ctx) =>
        lookUpExisting(page.ids.friendRequests, async (id) =>
          requestFor(await loadFriendRequest(ctx, id), requireViewer(ctx).userId),
        ),
    }),
    joinRequests: t.field({
      type: [GroupJoinRequestType],
      items: 'page',
      description:
        'Requests to join a group that were sent, approved, declined or withdrawn: those of the viewer, and those to groups of which the viewer is owner or admin.',
      resolve: (page, _args, ctx) =>
        lookUpExisting(page.ids.joinRequests, (id) => visibleJoinRequest(ctx, id)),
    }),
    users: t.field({
      type: [UserType],
      items: 'page',
      description: 'Friends and peers of direct conversations whose profile changed.',
      resolve: (page, _args, ctx) => lookUpExisting(page.ids.users, (id) => loadUser(ctx, id)),
    }),
    me: t.field({
      type: MeType,
      nullable: true,
      description: "The viewer's account; null if no setting, block or session changed.",
      resolve: (page, _args, ctx): Lookup<UserRow | null> =>
        page.ids.me.length > 0 ? loadUser(ctx, requireViewer(ctx).userId) : null,
    }),
    cursor: t.expose('cursor', {
      type: 'SyncCursor',
      description: 'Pass it to the next sync, or to inbox when hasMore is false.',
    }),
    hasMore: t.exposeBoolean('hasMore', {
      description: 'Whether there is more: call sync again with the cursor.',
    }),
  }),
})

builder.queryFields((t) => ({
  syncCursor: t.field({
    type: 'SyncCursor',
    readFirst: true,
    description:
      'Cursor that is not later than anything else in the same request. Query it together with the first screen, then open `inbox(after:)`.',
    resolve: (_root, _args, ctx) => syncCursor(ctx),
  }),
  sync: t.field({
    type: SyncPageType,
    description:
      'Everything that changed for the viewer after the cursor; without one, everything. Safe to repeat. CONFLICT if the cursor is invalid for this server: drop all local state and call sync without one.',
    args: {
      after: t.arg({ type: 'SyncCursor', description: 'Cursor of the last page or the last event.' }),
      first: t.arg.int({ description: `Maximum number of changes. ${sizes}` }),
    },
    errors: ['CONFLICT'],
    nullable: true,
    resolve: (_root, args, ctx) => sync(ctx, args),
  }),
}))

defineMutation('acknowledge', {
  description:
    'Reports that this device has handled everything up to the cursor: a stream that is opened later resumes there, and direct peers see the messages as delivered. An older cursor changes nothing. INVALID_INPUT for a cursor of another user or history.',
  errors: ['INVALID_INPUT'],
  input: inputOf('acknowledge', (t) => ({
    cursor: t.field({
      type: 'SyncCursor',
      required: true,
      description: 'Cursor of the last handled event.',
    }),
    streamId: t.id({ description: 'The reader that acknowledges; the streamId of its inbox.' }),
  })),
  resolve: async ({ cursor, streamId }, ctx) => {
    await acknowledge(ctx, cursor, streamId)
    return { cursor }
  },
  payload: (t) => ({
    cursor: t.expose('cursor', { type: 'SyncCursor', description: 'The acknowledged cursor.' }),
  }),
})

builder.subscriptionField('inbox', (t) =>
  t.field({
    type: InboxEventInterface,
    description:
      'Every change for the viewer, in order and without gaps. Starts after the later of `after` and the position that this stream acknowledged, so that a client that reconnects with its first variables resumes; without either it starts now. A Checkpoint with caughtUp ends the catch-up.',
    args: {
      after: t.arg({
        type: 'SyncCursor',
        description: 'Cursor from syncCursor, sync or an event.',
      }),
      streamId: t.arg.id({
        description:
          'Id of one reader of a session, such as a browser tab: 1 to 64 printable ASCII characters. Default: the session.',
      }),
    },
    subscribe: (_root, { after, streamId }, ctx, info) =>
      ctx.inbox.open(ctx, { after, streamId, wantsUnread: selectsUnread(info) }),
    resolve: (event) => event,
  }),
)
