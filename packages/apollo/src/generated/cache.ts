/** Written by scripts/schema/caches.ts. */
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

export const merged: string[] = [
  "Capabilities",
  "CustomMessageKind",
  "Limits",
  "NotificationSettings",
  "Presence",
  "ServerInfo"
]

export const lists: Record<string, string[]> = {
  "ConversationChanges": [
    "messages"
  ],
  "DirectConversation": [
    "pinnedMessages"
  ],
  "ErrorExtensions": [
    "issues"
  ],
  "ForwardContent": [
    "messages"
  ],
  "GroupConversation": [
    "invites",
    "pinnedMessages"
  ],
  "Highlight": [
    "ranges"
  ],
  "Me": [
    "pushDevices",
    "sessions"
  ],
  "Media": [
    "variants"
  ],
  "Message": [
    "mentions",
    "reactions",
    "revisions"
  ],
  "MessageSearchResult": [
    "highlights"
  ],
  "MessagesChanged": [
    "messages"
  ],
  "RichTextContent": [
    "parts"
  ],
  "ServerInfo": [
    "messageKinds"
  ],
  "SyncPage": [
    "conversations",
    "friendRequests",
    "friendships",
    "joinRequests",
    "users"
  ],
  "SystemContent": [
    "subjects"
  ],
  "UploadTicket": [
    "fields",
    "headers"
  ],
  "Query": [
    "conversationChanges",
    "nodes",
    "pushAttempts"
  ]
}
