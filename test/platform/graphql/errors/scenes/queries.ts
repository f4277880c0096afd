import type { Person } from '../../../../world/person.ts'
import { perform } from '../perform.ts'
import type { Call, Scene, Scenes, Stage } from '../stage.ts'

const asking = (as: Person, text: string): Call => ({ as, text })

/** A page of no items. The text contains the field with its arguments. */
const emptyPage =
  (around: (field: string, stage: Stage) => string, as: (stage: Stage) => Person = ({ alice }) => alice) =>
  (name: string, args = 'first: 0'): Scene =>
  (stage) =>
    asking(as(stage), around(`${name}(${args}) { __typename }`, stage))

const atRoot = emptyPage((field) => `{ ${field} }`)
const byModerator = emptyPage(
  (field) => `{ ${field} }`,
  ({ molly }) => molly,
)
const inDirect = emptyPage((field, { direct }) => `{ conversation(id: "${direct.id}") { ${field} } }`)
const inGroup = emptyPage(
  (field, { group }) => `{ conversation(id: "${group.id}") { ... on GroupConversation { ${field} } } }`,
)
const inMessage = emptyPage((field, { message }) => `{ message(id: "${message.id}") { ${field} } }`)

const pages = (scene: Scene) => ({ INVALID_INPUT: scene })

/** An admin who mutes a member is removed before the payload is read. */
async function muterIsRemoved({ alice, bob, carol, sql }: Stage): Promise<Call> {
  const { id: groupId } = await alice.creates('the strict club', [bob, carol])
  await alice.appoints(groupId, bob, 'ADMIN')
  await sql(`create function remove_admin() returns trigger language plpgsql as $$ begin
    delete from membership where conversation_id = '${groupId}' and user_id = '${bob.id}'; return null; end $$`)
  await sql(`create trigger remove_admin after update of muted_until on membership for each row
    when (new.conversation_id = '${groupId}') execute function remove_admin()`)
  const input = `{ groupId: "${groupId}", userId: "${carol.id}", until: "2100-01-01T00:00:00.000Z" }`
  return asking(bob, `mutation { muteGroupMember(input: ${input}) { member { group { id } } } }`)
}

export const queryScenes: Scenes = {
  'DirectConversation.changes': pages(inDirect('changes', 'afterVersion: -1')),
  'DirectConversation.messages': pages(inDirect('messages')),
  'GroupConversation.announcements': pages(inGroup('announcements')),
  'GroupConversation.changes': pages(inGroup('changes', 'afterVersion: -1')),
  'GroupConversation.joinRequests': pages(inGroup('joinRequests')),
  'GroupConversation.members': pages(inGroup('members')),
  'GroupConversation.messages': pages(inGroup('messages', 'around: 1000000')),
  'GroupMember.group': { NOT_FOUND: muterIsRemoved },
  'Message.readBy': pages(inMessage('readBy')),
  'ReactionGroup.users': pages(async ({ alice, carol, message }) => {
    const on = `messageId: "${message.id}"`
    await perform(
      carol,
      'addReaction',
      asking(carol, `mutation { addReaction(input: { ${on}, emoji: "👏" }) { __typename } }`),
    )
    return asking(alice, `{ message(id: "${message.id}") { reactions { users(first: 0) { __typename } } } }`)
  }),
  'Query.auditLog': {
    FORBIDDEN: atRoot('auditLog'),
    INVALID_INPUT: byModerator('auditLog'),
  },
  'Query.reports': {
    FORBIDDEN: atRoot('reports'),
    INVALID_INPUT: byModerator('reports'),
  },
  'Query.blockedUsers': pages(atRoot('blockedUsers')),
  'Query.conversations': pages(atRoot('conversations')),
  'Query.conversationChanges': pages(({ alice, group }) =>
    asking(
      alice,
      `{ conversationChanges(first: 0, since: [{ conversationId: "${group.id}", afterVersion: 0 }]) { __typename } }`,
    ),
  ),
  'Query.friendRequests': pages(atRoot('friendRequests')),
  'Query.friends': pages(atRoot('friends')),
  'Query.nodes': pages(atRoot('nodes', `ids: [${'"x" '.repeat(101)}]`)),
  'Query.pushAttempts': {
    FORBIDDEN: ({ bob, message }) =>
      asking(bob, `{ pushAttempts(messageId: "${message.id}") { __typename } }`),
    NOT_FOUND: atRoot('pushAttempts', 'messageId: "unknown"'),
  },
  'Query.searchMessages': {
    INVALID_INPUT: atRoot('searchMessages', 'first: 0, query: "hello"'),
    SEARCH_UNAVAILABLE: atRoot('searchMessages', 'query: "hello"'),
  },
  'Query.searchSuggestions': {
    INVALID_INPUT: ({ alice }) => asking(alice, '{ searchSuggestions(prefix: "") }'),
    SEARCH_UNAVAILABLE: ({ alice }) => asking(alice, '{ searchSuggestions(prefix: "hello") }'),
  },
  'Query.searchUsers': pages(atRoot('searchUsers', 'first: 0, query: "alice"')),
  'Query.sync': { CONFLICT: atRoot('sync', 'after: "unknown"'), INVALID_INPUT: atRoot('sync') },
  'Subscription.inbox': pages(({ alice }) => ({
    ...asking(alice, 'subscription { inbox(streamId: "") { __typename } }'),
    socket: true,
  })),
  'Subscription.presence': {
    LIMIT_EXCEEDED: ({ alice }) => ({
      ...asking(alice, 'subscription { presence(userIds: ["a", "b"]) { __typename } }'),
      socket: true,
    }),
  },
  'Subscription.typing': {
    NOT_FOUND: ({ alice }) => ({
      ...asking(alice, 'subscription { typing(conversationId: "unknown") { __typename } }'),
      socket: true,
    }),
  },
}
