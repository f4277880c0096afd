/** The codes of errors, in `extensions.code`. */

export type ErrorCode = 'BAD_CREDENTIALS' | 'BLOCKED' | 'CONFLICT' | 'DOCUMENT_NOT_TRUSTED' | 'FORBIDDEN' | 'INTERNAL' | 'INTROSPECTION_DISABLED' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'MUTED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'OUTCOME_UNKNOWN' | 'PERSISTED_QUERY_NOT_FOUND' | 'QUERY_TOO_COMPLEX' | 'RATE_LIMITED' | 'SEARCH_UNAVAILABLE' | 'SUSPENDED' | 'TOKEN_REUSED' | 'TOO_LATE' | 'UNAUTHENTICATED' | 'UNAVAILABLE'

/** The codes of each query and mutation, beside those of every request. */

export interface FieldErrors {
  auditLog: 'FORBIDDEN' | 'INVALID_INPUT'
  blockedUsers: 'INVALID_INPUT'
  conversationChanges: 'INVALID_INPUT'
  conversations: 'INVALID_INPUT'
  friendRequests: 'INVALID_INPUT'
  friends: 'INVALID_INPUT'
  nodes: 'INVALID_INPUT'
  pushAttempts: 'FORBIDDEN' | 'NOT_FOUND'
  reports: 'FORBIDDEN' | 'INVALID_INPUT'
  searchMessages: 'INVALID_INPUT' | 'SEARCH_UNAVAILABLE'
  searchSuggestions: 'INVALID_INPUT' | 'SEARCH_UNAVAILABLE'
  searchUsers: 'INVALID_INPUT'
  sync: 'CONFLICT' | 'INVALID_INPUT'
  acceptFriendRequest: 'CONFLICT' | 'FORBIDDEN' | 'NOT_FOUND'
  acknowledge: 'INVALID_INPUT'
  addGroupMembers: 'BLOCKED' | 'FORBIDDEN' | 'LIMIT_EXCEEDED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  addReaction: 'BLOCKED' | 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'MUTED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  approveJoinRequest: 'CONFLICT' | 'FORBIDDEN' | 'LIMIT_EXCEEDED' | 'NOT_FOUND'
  blockUser: 'INVALID_INPUT' | 'NOT_FOUND'
  cancelFriendRequest: 'CONFLICT' | 'FORBIDDEN' | 'NOT_FOUND'
  changePassword: 'BAD_CREDENTIALS' | 'CONFLICT' | 'INVALID_INPUT' | 'RATE_LIMITED'
  completeUpload: 'CONFLICT' | 'INVALID_INPUT' | 'NOT_FOUND'
  createGroup: 'BLOCKED' | 'CONFLICT' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  createGroupInvite: 'FORBIDDEN' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'NOT_FOUND' | 'RATE_LIMITED'
  createUpload: 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'RATE_LIMITED'
  declineFriendRequest: 'CONFLICT' | 'FORBIDDEN' | 'NOT_FOUND'
  declineJoinRequest: 'CONFLICT' | 'FORBIDDEN' | 'NOT_FOUND'
  deleteAccount: 'BAD_CREDENTIALS' | 'CONFLICT' | 'RATE_LIMITED'
  dissolveGroup: 'FORBIDDEN' | 'NOT_FOUND'
  editMessage: 'BLOCKED' | 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'MUTED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED' | 'TOO_LATE'
  endUserSessions: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  forwardMessages: 'BLOCKED' | 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'MUTED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  inspectConversation: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  joinGroup: 'INVALID_INPUT' | 'LIMIT_EXCEEDED' | 'NOT_FOUND' | 'RATE_LIMITED'
  leaveGroup: 'CONFLICT' | 'NOT_FOUND'
  login: 'BAD_CREDENTIALS' | 'INVALID_INPUT' | 'RATE_LIMITED' | 'SUSPENDED'
  markRead: 'INVALID_INPUT' | 'NOT_FOUND'
  muteGroupMember: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  openDirectConversation: 'BLOCKED' | 'INVALID_INPUT' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  pinMessage: 'BLOCKED' | 'CONFLICT' | 'FORBIDDEN' | 'LIMIT_EXCEEDED' | 'NOT_FOUND' | 'NOT_FRIENDS'
  postAnnouncement: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  recallMessage: 'FORBIDDEN' | 'NOT_FOUND' | 'TOO_LATE'
  refreshSession: 'BAD_CREDENTIALS' | 'SUSPENDED' | 'TOKEN_REUSED' | 'UNAUTHENTICATED'
  register: 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'RATE_LIMITED'
  registerPushDevice: 'INVALID_INPUT' | 'LIMIT_EXCEEDED'
  removeFriend: 'NOT_FOUND'
  removeGroupMember: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  removePushDevice: 'NOT_FOUND'
  removeReaction: 'INVALID_INPUT' | 'NOT_FOUND'
  renewSession: 'BAD_CREDENTIALS' | 'INVALID_INPUT' | 'UNAUTHENTICATED'
  reportMessage: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND' | 'RATE_LIMITED'
  requestContactVerification: 'CONFLICT' | 'FORBIDDEN' | 'RATE_LIMITED'
  requestFriend: 'BLOCKED' | 'CONFLICT' | 'INVALID_INPUT' | 'NOT_FOUND' | 'RATE_LIMITED'
  requestPasswordReset: 'FORBIDDEN' | 'RATE_LIMITED'
  resetPassword: 'BAD_CREDENTIALS' | 'INVALID_INPUT' | 'RATE_LIMITED'
  resolveReport: 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  restoreUser: 'FORBIDDEN' | 'NOT_FOUND'
  revokeGroupInvite: 'FORBIDDEN' | 'NOT_FOUND'
  revokeSession: 'NOT_FOUND'
  sendMessage: 'BLOCKED' | 'CONFLICT' | 'FORBIDDEN' | 'INVALID_INPUT' | 'MUTED' | 'NOT_FOUND' | 'NOT_FRIENDS' | 'RATE_LIMITED'
  sendTyping: 'NOT_FOUND'
  setFriendRemark: 'INVALID_INPUT' | 'NOT_FRIENDS'
  setGroupMemberRole: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  suspendUser: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  testPush: 'NOT_FOUND' | 'RATE_LIMITED'
  transferGroup: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  unblockUser: 'NOT_FOUND'
  unpinMessage: 'BLOCKED' | 'FORBIDDEN' | 'NOT_FOUND' | 'NOT_FRIENDS'
  updateGroup: 'FORBIDDEN' | 'INVALID_INPUT' | 'NOT_FOUND'
  updateMembership: 'INVALID_INPUT' | 'NOT_FOUND'
  updateNotificationSettings: 'INVALID_INPUT'
  updateProfile: 'INVALID_INPUT' | 'NOT_FOUND'
  verifyContact: 'BAD_CREDENTIALS' | 'TOO_LATE'
  inbox: 'INVALID_INPUT'
  presence: 'LIMIT_EXCEEDED'
  typing: 'NOT_FOUND'
}

export const possibleTypes: Record<string, string[]> = {
  "AuthPayload": [
    "LoginPayload",
    "RefreshSessionPayload",
    "RegisterPayload"
  ],
  "Conversation": [
    "DirectConversation",
    "GroupConversation"
  ],
  "InboxEvent": [
    "Checkpoint",
    "ConversationChanged",
    "ConversationRemoved",
    "ConversationSignal",
    "FriendRequestChanged",
    "FriendshipChanged",
    "JoinRequestChanged",
    "MeChanged",
    "MediaChanged",
    "MessagesChanged",
    "ReceiptsChanged",
    "ResyncRequired",
    "SessionEnded",
    "SessionExpiring",
    "UserChanged"
  ],
  "MessageContent": [
    "AudioContent",
    "CustomContent",
    "FileContent",
    "ForwardContent",
    "ImageContent",
    "RecalledContent",
    "RichTextContent",
    "SystemContent",
    "TextContent",
    "VideoContent"
  ],
  "Node": [
    "Announcement",
    "AuditEntry",
    "DirectConversation",
    "FriendRequest",
    "Friendship",
    "GroupConversation",
    "GroupInvite",
    "GroupJoinRequest",
    "GroupMember",
    "GroupPreview",
    "Me",
    "Media",
    "Membership",
    "Message",
    "MessageRevision",
    "PushAttempt",
    "PushDevice",
    "ReactionGroup",
    "Report",
    "Session",
    "User"
  ],
  "RichTextPart": [
    "MentionPart",
    "TextPart"
  ],
  "SystemChange": [
    "AnnouncementPost",
    "GroupAvatarChange",
    "GroupNameChange",
    "HistoryVisibilityChange",
    "JoinPolicyChange",
    "MemberJoin",
    "MentionAllPolicyChange",
    "MessagePin",
    "PostingPolicyChange",
    "RoleChange",
    "SlowModeChange"
  ]
}

/** What Graphcache needs of the schema: the types and fields that the documents use. */

export const graphcacheSchema = {"__schema":{"queryType":{"name":"Query"},"mutationType":{"name":"Mutation"},"subscriptionType":{"name":"Subscription"},"types":[{"kind":"OBJECT","name":"Query","fields":[{"name":"conversation","type":{"kind":"OBJECT","name":"Conversation"},"args":[]},{"name":"conversationChanges","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"ConversationChanges"}}}},"args":[]},{"name":"conversations","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"ConversationConnection"}},"args":[]},{"name":"me","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Me"}},"args":[]},{"name":"syncCursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[]},{"kind":"OBJECT","name":"Mutation","fields":[{"name":"markRead","type":{"kind":"OBJECT","name":"MarkReadPayload"},"args":[]},{"name":"sendMessage","type":{"kind":"OBJECT","name":"SendMessagePayload"},"args":[]}],"interfaces":[]},{"kind":"OBJECT","name":"Subscription","fields":[{"name":"inbox","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"InboxEvent"}},"args":[]}],"interfaces":[]},{"kind":"INTERFACE","name":"Conversation","fields":[{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"lastActivityAt","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"membership","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Membership"}},"args":[]},{"name":"messages","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"MessageConnection"}},"args":[]},{"name":"title","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Node"}],"possibleTypes":[{"kind":"OBJECT","name":"DirectConversation"},{"kind":"OBJECT","name":"GroupConversation"}]},{"kind":"OBJECT","name":"DirectConversation","fields":[{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"lastActivityAt","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"membership","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Membership"}},"args":[]},{"name":"messages","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"MessageConnection"}},"args":[]},{"name":"title","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Conversation"},{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"GroupConversation","fields":[{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"lastActivityAt","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"membership","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Membership"}},"args":[]},{"name":"messages","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"MessageConnection"}},"args":[]},{"name":"title","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Conversation"},{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"Membership","fields":[{"name":"hidden","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"pinned","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"readSeq","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"unreadCount","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"Message","fields":[{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"plainText","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"sender","type":{"kind":"OBJECT","name":"User"},"args":[]},{"name":"seq","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"User","fields":[{"name":"displayName","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"Me","fields":[{"name":"id","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"unreadCount","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"user","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"User"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"Node"}]},{"kind":"OBJECT","name":"ConversationConnection","fields":[{"name":"nodes","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Conversation"}}}},"args":[]}],"interfaces":[]},{"kind":"OBJECT","name":"MessageConnection","fields":[{"name":"nodes","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Message"}}}},"args":[]}],"interfaces":[]},{"kind":"OBJECT","name":"SendMessagePayload","fields":[{"name":"message","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Message"}},"args":[]}],"interfaces":[]},{"kind":"OBJECT","name":"MarkReadPayload","fields":[{"name":"membership","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Membership"}},"args":[]}],"interfaces":[]},{"kind":"INTERFACE","name":"InboxEvent","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[],"possibleTypes":[{"kind":"OBJECT","name":"Checkpoint"},{"kind":"OBJECT","name":"ConversationChanged"},{"kind":"OBJECT","name":"ConversationRemoved"},{"kind":"OBJECT","name":"ConversationSignal"},{"kind":"OBJECT","name":"FriendRequestChanged"},{"kind":"OBJECT","name":"FriendshipChanged"},{"kind":"OBJECT","name":"JoinRequestChanged"},{"kind":"OBJECT","name":"MeChanged"},{"kind":"OBJECT","name":"MediaChanged"},{"kind":"OBJECT","name":"MessagesChanged"},{"kind":"OBJECT","name":"ReceiptsChanged"},{"kind":"OBJECT","name":"ResyncRequired"},{"kind":"OBJECT","name":"SessionEnded"},{"kind":"OBJECT","name":"SessionExpiring"},{"kind":"OBJECT","name":"UserChanged"}]},{"kind":"OBJECT","name":"Checkpoint","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ConversationChanged","fields":[{"name":"conversation","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Conversation"}},"args":[]},{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ConversationRemoved","fields":[{"name":"conversationId","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ConversationSignal","fields":[{"name":"conversationId","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"FriendRequestChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"FriendshipChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"JoinRequestChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"MeChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"me","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Me"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"MediaChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"MessagesChanged","fields":[{"name":"conversation","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Conversation"}},"args":[]},{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"fromVersion","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"messages","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Message"}}}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ReceiptsChanged","fields":[{"name":"conversation","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Conversation"}},"args":[]},{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ResyncRequired","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"SessionEnded","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"endReason","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"SessionExpiring","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"UserChanged","fields":[{"name":"cursor","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[{"kind":"INTERFACE","name":"InboxEvent"}]},{"kind":"OBJECT","name":"ConversationChanges","fields":[{"name":"conversation","type":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Conversation"}},"args":[]},{"name":"hasMore","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]},{"name":"messages","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"kind":"OBJECT","name":"Message"}}}},"args":[]},{"name":"version","type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"Any"}},"args":[]}],"interfaces":[]},{"kind":"SCALAR","name":"Any"}]}} as const

