export interface CacheDescription {
  possibleTypes: Record<string, string[]>
  parts: string[]
  merged: string[]
  lists: Record<string, string[]>
  connections: Record<string, Record<string, string[]>>
  lookups: Record<string, string[]>
  ended: Record<string, Record<string, string[]>>
}

/** Written by scripts/schema/caches.ts. */
export const description: CacheDescription = {
  "possibleTypes": {
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
  },
  "parts": [
    "AcceptFriendRequestPayload",
    "AcknowledgePayload",
    "AddGroupMembersPayload",
    "AddReactionPayload",
    "AnnouncementPost",
    "ApproveJoinRequestPayload",
    "AudioContent",
    "BlockUserPayload",
    "CancelFriendRequestPayload",
    "Capabilities",
    "ChangePasswordPayload",
    "Checkpoint",
    "CompleteUploadPayload",
    "ContactVerification",
    "ConversationChanged",
    "ConversationChanges",
    "ConversationRemoved",
    "ConversationSignal",
    "CreateGroupInvitePayload",
    "CreateGroupPayload",
    "CreateUploadPayload",
    "CustomContent",
    "CustomMessageKind",
    "DeclineFriendRequestPayload",
    "DeclineJoinRequestPayload",
    "DeleteAccountPayload",
    "DissolveGroupPayload",
    "EditMessagePayload",
    "ErrorExtensions",
    "ErrorIssue",
    "FileContent",
    "ForwardContent",
    "ForwardMessagesPayload",
    "ForwardedMessage",
    "FriendRequestChanged",
    "FriendshipChanged",
    "GroupAvatarChange",
    "GroupNameChange",
    "Highlight",
    "HistoryVisibilityChange",
    "ImageContent",
    "JoinGroupPayload",
    "JoinPolicyChange",
    "JoinRequestChanged",
    "LeaveGroupPayload",
    "Limits",
    "LoginPayload",
    "LogoutPayload",
    "MarkReadPayload",
    "MeChanged",
    "MediaChanged",
    "MediaVariant",
    "MemberJoin",
    "MentionAllPolicyChange",
    "MentionPart",
    "MessagePin",
    "MessageSearchResult",
    "MessagesChanged",
    "MuteGroupMemberPayload",
    "NotificationSettings",
    "OpenDirectConversationPayload",
    "PageInfo",
    "PinMessagePayload",
    "PostAnnouncementPayload",
    "PostingPolicyChange",
    "Presence",
    "RecallMessagePayload",
    "RecalledContent",
    "ReceiptsChanged",
    "RefreshSessionPayload",
    "RegisterPayload",
    "RegisterPushDevicePayload",
    "RemoveFriendPayload",
    "RemoveGroupMemberPayload",
    "RemovePushDevicePayload",
    "RemoveReactionPayload",
    "RenewSessionPayload",
    "ReportMessagePayload",
    "RequestContactVerificationPayload",
    "RequestFriendPayload",
    "ResolveReportPayload",
    "RestoreUserPayload",
    "ResyncRequired",
    "RevokeGroupInvitePayload",
    "RevokeOtherSessionsPayload",
    "RevokeSessionPayload",
    "RichTextContent",
    "RoleChange",
    "SendMessagePayload",
    "SendTypingPayload",
    "ServerInfo",
    "SessionEnded",
    "SessionExpiring",
    "SetFriendRemarkPayload",
    "SetGroupMemberRolePayload",
    "SetPresencePayload",
    "SetReadReceiptsPayload",
    "SlowModeChange",
    "SuspendUserPayload",
    "SyncPage",
    "SystemContent",
    "TestPushPayload",
    "TextContent",
    "TextPart",
    "TextRange",
    "TransferGroupPayload",
    "TypingEvent",
    "UnblockUserPayload",
    "UnpinMessagePayload",
    "UpdateGroupPayload",
    "UpdateMembershipPayload",
    "UpdateNotificationSettingsPayload",
    "UpdateProfilePayload",
    "UploadHeader",
    "UploadTicket",
    "UserChanged",
    "VerifyContactPayload",
    "VideoContent"
  ],
  "merged": [
    "Capabilities",
    "CustomMessageKind",
    "Limits",
    "NotificationSettings",
    "Presence",
    "ServerInfo"
  ],
  "lists": {
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
  },
  "connections": {
    "DirectConversation": {
      "messages": [
        "afterSeq",
        "around",
        "beforeSeq"
      ]
    },
    "GroupConversation": {
      "announcements": [],
      "joinRequests": [],
      "members": [
        "query",
        "role"
      ],
      "messages": [
        "afterSeq",
        "around",
        "beforeSeq"
      ]
    },
    "Message": {
      "readBy": []
    },
    "ReactionGroup": {
      "users": []
    },
    "Query": {
      "auditLog": [],
      "blockedUsers": [],
      "conversations": [
        "filter"
      ],
      "friendRequests": [
        "direction"
      ],
      "friends": [],
      "reports": [
        "status"
      ],
      "searchMessages": [
        "filter",
        "order",
        "query"
      ],
      "searchUsers": [
        "query"
      ]
    }
  },
  "lookups": {
    "conversation": [
      "DirectConversation",
      "GroupConversation"
    ],
    "media": [
      "Media"
    ],
    "message": [
      "Message"
    ],
    "node": [
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
    "user": [
      "User"
    ]
  },
  "ended": {
    "blockUser": {
      "endedFriendshipId": [
        "Friendship"
      ]
    },
    "dissolveGroup": {
      "dissolvedConversationId": [
        "DirectConversation",
        "GroupConversation"
      ]
    },
    "leaveGroup": {
      "leftConversationId": [
        "DirectConversation",
        "GroupConversation"
      ]
    },
    "logout": {
      "endedSessionId": [
        "Session"
      ]
    },
    "removeFriend": {
      "endedFriendshipId": [
        "Friendship"
      ]
    },
    "removeGroupMember": {
      "removedMemberId": [
        "GroupMember"
      ]
    },
    "removePushDevice": {
      "removedPushDeviceId": [
        "PushDevice"
      ]
    },
    "revokeSession": {
      "endedSessionId": [
        "Session"
      ]
    }
  }
}
