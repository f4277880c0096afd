/** Written by scripts/schema/caches.ts. */
export const parts: string[] = [
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
  "EndUserSessionsPayload",
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
  "InspectConversationPayload",
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
  "RequestPasswordResetPayload",
  "ResetPasswordPayload",
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
]

export const connections: Record<string, Record<string, string[]>> = {
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
}

export const lookups: Record<string, string[]> = {
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
}

export const ended: Record<string, Record<string, string[]>> = {
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
