export interface CacheDescription {
  parts: string[]
  connections: Record<string, Record<string, string[]>>
  lookups: Record<string, string[]>
  ended: Record<string, Record<string, string[]>>
}

/** Written by scripts/schema/caches.ts. */
export const description: CacheDescription = {
  "parts": [
    "AcceptFriendRequestPayload",
    "AcknowledgePayload",
    "AddGroupMembersPayload",
    "AddReactionPayload",
    "AnnouncementConnection",
    "AnnouncementEdge",
    "AnnouncementPost",
    "ApproveJoinRequestPayload",
    "AudioContent",
    "AuditEntryConnection",
    "AuditEntryEdge",
    "BlockUserPayload",
    "CancelFriendRequestPayload",
    "Capabilities",
    "ChangePasswordPayload",
    "Checkpoint",
    "CompleteUploadPayload",
    "ContactVerification",
    "ConversationChanged",
    "ConversationChanges",
    "ConversationConnection",
    "ConversationEdge",
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
    "FriendRequestConnection",
    "FriendRequestEdge",
    "FriendshipChanged",
    "FriendshipConnection",
    "FriendshipEdge",
    "GroupAvatarChange",
    "GroupJoinRequestConnection",
    "GroupJoinRequestEdge",
    "GroupMemberConnection",
    "GroupMemberEdge",
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
    "MessageConnection",
    "MessageEdge",
    "MessagePin",
    "MessageSearchResult",
    "MessageSearchResultConnection",
    "MessageSearchResultEdge",
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
    "ReportConnection",
    "ReportEdge",
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
    "UserConnection",
    "UserEdge",
    "VerifyContactPayload",
    "VideoContent"
  ],
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
