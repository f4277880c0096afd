import { rareWord, type Scene } from './scene.ts'

/** How a query is called, and the text that its answer contains if it shows what is vera's. */
export interface Read {
  call: (scene: Scene) => string
  shows?: (scene: Scene) => string
}

const nodes = '{ nodes { id } }'

export const reads: Record<string, Read> = {
  auditLog: { call: () => `auditLog ${nodes}` },
  blockedUsers: { call: () => `blockedUsers ${nodes}`, shows: ({ cast }) => cast.eve.id },
  conversation: { call: ({ groupId }) => `conversation(id: "${groupId}") { id }` },
  conversationChanges: {
    call: ({ groupId }) =>
      `conversationChanges(since: [{ conversationId: "${groupId}", afterVersion: 0 }]) { messages { id } }`,
    shows: ({ message }) => message.id,
  },
  conversations: { call: () => `conversations ${nodes}`, shows: ({ groupId }) => groupId },
  friendRequests: { call: () => `friendRequests ${nodes}`, shows: ({ friendRequestId }) => friendRequestId },
  friends: { call: () => `friends { nodes { user { id } } }`, shows: ({ friend }) => friend.id },
  groupInvite: { call: ({ inviteCode }) => `groupInvite(inviteCode: "${inviteCode}") { id }` },
  me: { call: () => 'me { id }' },
  media: { call: ({ mediaId }) => `media(id: "${mediaId}") { id url }` },
  message: { call: ({ message }) => `message(id: "${message.id}") { id }` },
  node: { call: ({ message }) => `node(id: "${message.id}") { id }` },
  nodes: {
    call: ({ message }) => `nodes(ids: ["${message.id}"]) { id }`,
    shows: ({ message }) => message.id,
  },
  pushAttempts: { call: ({ message }) => `pushAttempts(messageId: "${message.id}") { id }` },
  reports: { call: () => `reports ${nodes}`, shows: ({ reportId }) => reportId },
  searchMessages: {
    call: () => `searchMessages(query: "${rareWord}") { nodes { message { id } } }`,
    shows: ({ message }) => message.id,
  },
  searchSuggestions: {
    call: () => `searchSuggestions(prefix: "${rareWord.slice(0, 5)}")`,
    shows: () => rareWord,
  },
  searchUsers: {
    call: ({ cast }) => `searchUsers(query: "${cast.vera.handle}") ${nodes}`,
    shows: ({ cast }) => cast.vera.id,
  },
  serverInfo: { call: () => 'serverInfo { version }' },
  sync: { call: () => 'sync { conversations { id } }', shows: ({ groupId }) => groupId },
  syncCursor: { call: () => 'syncCursor' },
  user: { call: ({ cast }) => `user(id: "${cast.vera.id}") { id }` },
  userByHandle: { call: ({ cast }) => `userByHandle(handle: "${cast.vera.handle}") { id }` },
}
