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
import { analyseSharing } from '../platform/graphql/shared/analysis.ts'
import { acknowledge } from './acknowledge/acknowledge.ts'
import { InboxEventInterface } from './event/refs.ts'
import './event/schema.ts'
import { type SyncPage, sync, syncCursor } from './sync.ts'

/** Whether the client asks for its total unread, which is otherwise not worth watching. */
function selectsUnread({ schema, operation, fragments }: GraphQLResolveInfo): boolean {
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...Object.values(fragments)] } as const
  return analyseSharing(schema, document, operation).selects(['MeChanged', 'me', 'unreadCount'])
}

async function present<Key, Value>(keys: Key[], load: (key: Key) => Promise<Value | null>): Promise<Value[]> {
  const values = await Promise.all(keys.map(load))
  return values.filter((value) => value !== null)
}

const friendshipOf = (ctx: Context, peerId: string) =>
  loadFriendship(ctx, { userId: requireViewer(ctx).userId, peerId })

const SyncPageType = builder.objectRef<SyncPage>('SyncPage').implement({
  description: 'Everything of mine that changed after a cursor, each at its current state.',
  fields: (t) => ({
    removedConversationIds: t.exposeIDList('removedConversationIds', {
      description:
        'Left, removed from, or dissolved. Apply first: one that is also in conversations was left and joined again.',
    }),
    conversations: t.field({
      type: [ConversationInterface],
      description: 'Conversations in which anything changed: messages, settings, members, my own view.',
      resolve: (page, _args, ctx) =>
        present(page.ids.conversations, (id) => visibleConversation(ctx, requireViewer(ctx), id)),
    }),
    friendships: t.field({
      type: [FriendshipType],
      description: 'Friendships that began or got another remark.',
      resolve: (page, _args, ctx) => present(page.ids.friendships, (id) => friendshipOf(ctx, id)),
    }),
    removedFriendIds: t.idList({
      description: 'People who are no longer my friends.',
      resolve: async (page, _args, ctx) => {
        const friendships = await Promise.all(page.ids.friendships.map((id) => friendshipOf(ctx, id)))
        return page.ids.friendships.filter((_id, index) => !friendships[index])
      },
    }),
    friendRequests: t.field({
      type: [FriendRequestType],
      description: 'Requests to or from me that were made or settled.',
      resolve: (page, _args, ctx) =>
        present(page.ids.friendRequests, async (id) =>
          requestFor(await loadFriendRequest(ctx, id), requireViewer(ctx).userId),
        ),
    }),
    joinRequests: t.field({
      type: [GroupJoinRequestType],
      description:
        'Requests of mine to be let into a group, and those to groups that I am an owner or admin of, that were made or settled.',
      resolve: (page, _args, ctx) => present(page.ids.joinRequests, (id) => visibleJoinRequest(ctx, id)),
    }),
    users: t.field({
      type: [UserType],
      description: 'Friends and peers whose profile changed.',
      resolve: (page, _args, ctx) => present(page.ids.users, (id) => loadUser(ctx, id)),
    }),
    me: t.field({
      type: MeType,
      nullable: true,
      description: 'null when nothing of my own settings, blocks or sessions changed.',
      resolve: (page, _args, ctx): Promise<UserRow | null> | null =>
        page.ids.me.length > 0 ? loadUser(ctx, requireViewer(ctx).userId) : null,
    }),
    cursor: t.expose('cursor', {
      type: 'SyncCursor',
      description: 'Pass it to the next sync, or to inbox once hasMore is false.',
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'There is more: sync again after this cursor.' }),
  }),
})

builder.queryFields((t) => ({
  syncCursor: t.field({
    type: 'SyncCursor',
    readFirst: true,
    description:
      'A cursor not later than anything else this request reads: take it with the first screen, then open `inbox(after:)`.',
    resolve: (_root, _args, ctx) => syncCursor(ctx),
  }),
  sync: t.field({
    type: SyncPageType,
    description:
      'Everything of mine that changed after the cursor; without one, everything. Safe to repeat. CONFLICT when the cursor is not one of this history: drop what you hold and sync without one.',
    args: {
      after: t.arg({ type: 'SyncCursor', description: 'The cursor of the last page, or of the last event.' }),
      first: t.arg.int({ defaultValue: 100, description: 'How many changes at most, up to 100.' }),
    },
    resolve: (_root, args, ctx) => sync(ctx, args),
  }),
}))

builder.mutationField('acknowledge', (t) =>
  t.boolean({
    description:
      'This device has everything up to the cursor: a stream that is opened again goes on from there. An older cursor than the last one changes nothing.',
    args: {
      cursor: t.arg({
        type: 'SyncCursor',
        required: true,
        description: 'The cursor of the last event handled.',
      }),
      streamId: t.arg.id({ description: 'The reader it speaks for; see inbox.' }),
    },
    resolve: (_root, args, ctx) => acknowledge(ctx, args.cursor, args.streamId),
  }),
)

builder.subscriptionField('inbox', (t) =>
  t.field({
    type: InboxEventInterface,
    description:
      'Everything that changes for me, in order and without gaps. It starts after the later of `after` and what this stream has acknowledged, so a stock client that reconnects with its first variables goes on where it was; without either it starts now. A Checkpoint with caughtUp ends the catch-up.',
    args: {
      after: t.arg({
        type: 'SyncCursor',
        description: 'Where the reader stands: from syncCursor, sync or an event.',
      }),
      streamId: t.arg.id({
        description: 'Names one reader of a session, such as a browser tab; it defaults to the session.',
      }),
    },
    subscribe: (_root, { after, streamId }, ctx, info) =>
      ctx.inbox.open(ctx, { after, streamId, wantsUnread: selectsUnread(info) }),
    resolve: (event) => event,
  }),
)
