/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Input of `acceptFriendRequest`. */
export type AcceptFriendRequestInput = {
  /** The id of the friend request. */
  readonly friendRequestId: string;
};

/** Input of `acknowledge`. */
export type AcknowledgeInput = {
  /** Cursor of the last handled event. */
  readonly cursor: string;
  /** The reader that acknowledges; the streamId of its inbox. */
  readonly streamId?: string | null | undefined;
};

/** Input of `addGroupMembers`. */
export type AddGroupMembersInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** User ids of the new members. */
  readonly userIds: ReadonlyArray<string>;
};

/** Input of `addReaction`. */
export type AddReactionInput = {
  /** One emoji, such as 👍, ❤️ or 🏳️‍🌈. */
  readonly emoji: string;
  /** The id of the message. */
  readonly messageId: string;
};

/** Input of `approveJoinRequest`. */
export type ApproveJoinRequestInput = {
  /** Id of the join request. */
  readonly joinRequestId: string;
};

/** An action that the audit trail records. */
export type AuditAction =
  /** The messages of a conversation from `fromSeq` to `toSeq` of `detail` were read. */
  | 'CONVERSATION_INSPECTED'
  /** The operator repeated jobs that failed finally. */
  | 'JOBS_RETRIED'
  /** The operator ended maintenance. */
  | 'MAINTENANCE_ENDED'
  /** The operator began maintenance, or changed its text. */
  | 'MAINTENANCE_STARTED'
  /** A moderator recalled a message. */
  | 'MESSAGE_RECALLED'
  /** The operator appointed a moderator. */
  | 'MODERATOR_GRANTED'
  /** The operator dismissed a moderator. */
  | 'MODERATOR_REVOKED'
  /** The operator gave a user who forgot the password a new one. */
  | 'PASSWORD_SET'
  /** The operator repeated notifications that failed. */
  | 'PUSH_RETRIED'
  /** The server found the same text in many conversations. */
  | 'REPEATED_TEXT'
  /** A moderator resolved a report. */
  | 'REPORT_RESOLVED'
  /** All sessions of a user were ended. */
  | 'SESSIONS_ENDED'
  /** The operator deleted an account. */
  | 'USER_DELETED'
  /** The operator exported the data of a user. */
  | 'USER_EXPORTED'
  /** A moderator or the operator lifted a suspension. */
  | 'USER_RESTORED'
  /** A moderator or the operator suspended a user. */
  | 'USER_SUSPENDED';

/** Input of `blockUser`. */
export type BlockUserInput = {
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `cancelFriendRequest`. */
export type CancelFriendRequestInput = {
  /** The id of the friend request. */
  readonly friendRequestId: string;
};

/** The current and the new password. */
export type ChangePasswordInput = {
  /** The current password. */
  readonly current: string;
  /** The new password, by the rules of `register`. */
  readonly next: string;
};

/** Input of `completeUpload`. */
export type CompleteUploadInput = {
  /** Id of the media item of the ticket. */
  readonly mediaId: string;
};

/** How the server reaches a user outside the app. */
export type ContactChannel =
  /** E-mail to Me.email. */
  | 'EMAIL'
  /** Text message to Me.phone. */
  | 'SMS';

/** Version of a conversation that a client holds. */
export type ConversationVersionInput = {
  /** Version that the client holds; 0 for none. */
  readonly afterVersion: number;
  /** The id of the conversation. */
  readonly conversationId: string;
};

/** A new group. The viewer becomes its owner. */
export type CreateGroupInput = {
  /** Media id of the avatar: an image uploaded by the viewer that is READY. */
  readonly avatarMediaId?: string | null | undefined;
  /** Purpose of the group, at most 1,000 code points. */
  readonly description?: string | null | undefined;
  /** Which earlier messages new members see. */
  readonly historyVisibility?: HistoryVisibility | null | undefined;
  /** Idempotency key, 1 to 64 printable ASCII characters: a retry with the same key returns the same group. */
  readonly idempotencyKey?: string | null | undefined;
  /** Who may join later. */
  readonly joinPolicy?: JoinPolicy | null | undefined;
  /** User ids of the initial members. Duplicates and the viewer are ignored. */
  readonly memberIds: ReadonlyArray<string>;
  /** Who may mention all members. */
  readonly mentionAllPolicy?: MentionAllPolicy | null | undefined;
  /** 1 to 100 code points. */
  readonly name: string;
  /** Who may send. */
  readonly postingPolicy?: PostingPolicy | null | undefined;
};

/** Input of `createGroupInvite`. */
export type CreateGroupInviteInput = {
  /** When the invite expires, in the future; null if it does not. */
  readonly expiresAt?: string | null | undefined;
  /** Id of the group. */
  readonly groupId: string;
  /** Maximum number of uses, 1 to 100,000; null when unlimited. */
  readonly maxUses?: number | null | undefined;
};

/** Name, type and size of a new upload. */
export type CreateUploadInput = {
  /** Whether to keep the bytes unchanged: the media item is a FILE whatever its content and can only be sent as a file. Metadata, such as the location of a photo, is kept. */
  readonly asFile?: boolean | null | undefined;
  /** Exact number of bytes, at most serverInfo.limits.uploadBytes. */
  readonly byteSize: number;
  /** Name of the file, at most 255 code points. Folders, control characters and bidirectional marks are removed. */
  readonly filename: string;
  /** Whether to upload with a multipart POST, as mini-programs do, instead of a PUT of the bytes. */
  readonly form?: boolean | null | undefined;
  /** MIME type, such as image/png; the `Content-Type` of the upload request. `kind` and `mimeType` of the media item follow the content. */
  readonly mimeType: string;
};

/** Custom message of the application. */
export type CustomContentInput = {
  /** Data of the application, at most 16 KiB and 32 levels; it must match the schema of a type in serverInfo.messageKinds. */
  readonly data: Record<string, unknown>;
  /** Text to show in clients that do not know the type, at most serverInfo.limits.textLength code points. */
  readonly fallbackText: string;
  /** Type of the custom message: 1 to 64 letters, digits, dots, dashes, underscores, slashes and colons. */
  readonly type: string;
};

/** Input of `declineFriendRequest`. */
export type DeclineFriendRequestInput = {
  /** The id of the friend request. */
  readonly friendRequestId: string;
};

/** Input of `declineJoinRequest`. */
export type DeclineJoinRequestInput = {
  /** Id of the join request. */
  readonly joinRequestId: string;
};

/** Proof that the viewer owns the account: one of these. */
export type DeleteAccountInput = {
  /** The password; null for an account without one. */
  readonly password?: string | null | undefined;
  /** Access token of the identity provider for the same user, after a sign-in within the last 5 minutes by its `auth_time`, or by its `iat` if it has none. */
  readonly providerToken?: string | null | undefined;
};

/** How new messages of a group reach connected members. */
export type DeliveryMode =
  /** The messages are part of the event, MessagesChanged. */
  | 'INLINE'
  /** A ConversationSignal says that there is more; the client pulls it with changes. For large groups. */
  | 'SIGNAL';

/** The device that signs in, as shown in the list of sessions. */
export type DeviceInput = {
  /** Stable id of the device, chosen by the client, 1 to 128 characters. A new sign-in with the same id replaces its session. */
  readonly id?: string | null | undefined;
  /** Name of the device; one line of 1 to 64 code points. */
  readonly name: string;
  /** Platform of the device. */
  readonly platform: Platform;
};

/** Input of `dissolveGroup`. */
export type DissolveGroupInput = {
  /** Id of the group. */
  readonly groupId: string;
};

/** New text of a message: exactly one field. */
export type EditContentInput =
  {   /** Text with mentions. */
  readonly richText: RichTextInput; readonly text?: never; }
  |  { readonly richText?: never;   /** Plain text, at most serverInfo.limits.textLength code points. */
  readonly text: string; };

/** Input of `editMessage`. */
export type EditMessageInput = {
  /** The new text. */
  readonly content: EditContentInput;
  /** The id of the message. */
  readonly messageId: string;
};

/** Messages of a conversation to copy to other conversations. */
export type ForwardMessagesInput = {
  /** Form of the forward. */
  readonly mode: ForwardMode;
  /** Numbers of the messages, at most serverInfo.limits.forwardCount. They are forwarded in sending order. */
  readonly seqs: ReadonlyArray<number>;
  /** The source conversation. */
  readonly sourceConversationId: string;
  /** Target conversations, at most serverInfo.limits.forwardTargets. All receive the forward or none. */
  readonly targets: ReadonlyArray<ForwardTargetInput>;
};

/** Form of a forward. */
export type ForwardMode =
  /** One message that contains all forwarded messages. */
  | 'MERGED'
  /** One message with the same content for each forwarded message. */
  | 'SEPARATE';

/** Target conversation of a forward. */
export type ForwardTargetInput = {
  /** Idempotency key chosen by the client for this target, 1 to 64 printable ASCII characters. With SEPARATE, →1, →2 … are appended in the order of the messages. */
  readonly clientMessageId: string;
  /** The id of the conversation. */
  readonly conversationId: string;
};

/** Direction of friend requests. */
export type FriendRequestDirection =
  /** Requests to the viewer. */
  | 'INCOMING'
  /** Requests from the viewer. */
  | 'OUTGOING';

/** Status of a friend request. */
export type FriendRequestStatus =
  /** Accepted: the two users are friends. */
  | 'ACCEPTED'
  /** Cancelled by the sender, or one of the two accounts was deleted. */
  | 'CANCELLED'
  /** Declined by the recipient. The sender may send another request. */
  | 'DECLINED'
  /** Waiting for the recipient. */
  | 'PENDING';

/** Role of a member in a group. */
export type GroupRole =
  /** May change the group, and add and remove members. */
  | 'ADMIN'
  /** May read and send. */
  | 'MEMBER'
  /** May do everything; only the owner changes roles, transfers and dissolves the group. There is exactly one. */
  | 'OWNER';

/** Which earlier messages new members see. A change applies to users who join after it. */
export type HistoryVisibility =
  /** All messages. */
  | 'ALL'
  /** Messages from the system message of the join on. */
  | 'SINCE_JOINED';

/** Input of `joinGroup`. */
export type JoinGroupInput = {
  /** The group to join. */
  readonly group: JoinTargetInput;
  /** Note to the owner and admins, shown with a join request; at most 200 code points. */
  readonly note?: string | null | undefined;
};

/** How users join a group without an invite. */
export type JoinPolicy =
  /** joinGroup creates a join request, which the owner or an admin approves. */
  | 'APPROVAL'
  /** Only with an invite; without one the group answers NOT_FOUND. */
  | 'INVITE_ONLY'
  /** joinGroup adds the viewer at once. */
  | 'OPEN';

/** State of a join request. */
export type JoinRequestStatus =
  /** The user is a member, by this request or in another way. */
  | 'APPROVED'
  /** Declined, or the group or the account has ended. The user may send another request. */
  | 'DECLINED'
  /** Waits for the decision of the owner or an admin. */
  | 'PENDING';

/** The group to join, by exactly one of these. */
export type JoinTargetInput =
  {   /** Id of the group; its join policy applies. */
  readonly groupId: string; readonly inviteCode?: never; }
  |  { readonly groupId?: never;   /** Code of an invite, which overrides the join policy. */
  readonly inviteCode: string; };

/** Input of `leaveGroup`. */
export type LeaveGroupInput = {
  /** Id of the group. */
  readonly groupId: string;
};

/** Credentials and device of a sign-in. */
export type LoginInput = {
  /** The device that signs in. */
  readonly device?: DeviceInput | null | undefined;
  /** The handle; case-insensitive. */
  readonly handle: string;
  /** The password. */
  readonly password: string;
};

/** Input of `markRead`. */
export type MarkReadInput = {
  /** The id of the conversation. */
  readonly conversationId: string;
  /** Number of the last message that the viewer has read. */
  readonly readSeq: number;
};

/** A media item with an optional caption. */
export type MediaContentInput = {
  /** Caption, at most serverInfo.limits.textLength code points. */
  readonly caption?: string | null | undefined;
  /** A completed upload of the viewer; it may still be PROCESSING. */
  readonly mediaId: string;
};

/** Kind of a media item, by its content. */
export type MediaKind =
  /** Audio without video. */
  | 'AUDIO'
  /** Anything else, and media that cannot be rendered. Always downloaded, never shown inline. */
  | 'FILE'
  /** An image, still or animated: JPEG, PNG, GIF, WebP or AVIF. */
  | 'IMAGE'
  /** A video. */
  | 'VIDEO';

/** Progress of a media item. */
export type MediaStatus =
  /** The upload has another number of bytes than announced. Final. */
  | 'FAILED'
  /** Renditions are being made. The media item can be sent already. */
  | 'PROCESSING'
  /** Available at `url`. */
  | 'READY'
  /** Waiting for the upload of the bytes and for completeUpload. */
  | 'UPLOADING';

/** Mention of all members of the conversation. */
export type MentionAllInput = {
  /** Text to show, such as @全体成员; 1 to 128 code points. */
  readonly displayText: string;
};

/** Who may mention all members of a group at once. Also for edits that add such a mention. */
export type MentionAllPolicy =
  /** Owner and admins; FORBIDDEN for others. */
  | 'ADMINS'
  /** Every member in groups of up to serverInfo.limits.mentionAllGroupSize members, owner and admins in larger ones. */
  | 'BY_SIZE'
  /** Every member. */
  | 'EVERYONE';

/** Mention of a user. */
export type MentionInput = {
  /** Text to show, such as @张经理; 1 to 128 code points. */
  readonly displayText: string;
  /** The mentioned user; must be a member of the conversation. */
  readonly userId: string;
};

/** Content of a message: exactly one field. */
export type MessageContentInput =
  {   /** Audio, such as a voice message. */
  readonly audio: MediaContentInput; readonly custom?: never; readonly file?: never; readonly image?: never; readonly richText?: never; readonly text?: never; readonly video?: never; }
  |  { readonly audio?: never;   /** Custom message of the application. */
  readonly custom: CustomContentInput; readonly file?: never; readonly image?: never; readonly richText?: never; readonly text?: never; readonly video?: never; }
  |  { readonly audio?: never; readonly custom?: never;   /** A file of any type. */
  readonly file: MediaContentInput; readonly image?: never; readonly richText?: never; readonly text?: never; readonly video?: never; }
  |  { readonly audio?: never; readonly custom?: never; readonly file?: never;   /** An image. */
  readonly image: MediaContentInput; readonly richText?: never; readonly text?: never; readonly video?: never; }
  |  { readonly audio?: never; readonly custom?: never; readonly file?: never; readonly image?: never;   /** Text with mentions. */
  readonly richText: RichTextInput; readonly text?: never; readonly video?: never; }
  |  { readonly audio?: never; readonly custom?: never; readonly file?: never; readonly image?: never; readonly richText?: never;   /** Plain text, at most serverInfo.limits.textLength code points. */
  readonly text: string; readonly video?: never; }
  |  { readonly audio?: never; readonly custom?: never; readonly file?: never; readonly image?: never; readonly richText?: never; readonly text?: never;   /** A video. */
  readonly video: MediaContentInput; };

/** Type of the content of a message. */
export type MessageKind =
  /** Audio, such as a voice message. */
  | 'AUDIO'
  /** A custom message of the application. */
  | 'CUSTOM'
  /** A file. */
  | 'FILE'
  /** Forwarded messages. */
  | 'FORWARD'
  /** An image. */
  | 'IMAGE'
  /** Text with mentions. */
  | 'RICH_TEXT'
  /** A system message, such as a join. Search does not find it. */
  | 'SYSTEM'
  /** Plain text. */
  | 'TEXT'
  /** A video. */
  | 'VIDEO';

/** Filter of a search; null fields do not filter. */
export type MessageSearchFilter = {
  /** Only in these conversations, at most 100. Conversations without the viewer have no results. */
  readonly conversationIds?: ReadonlyArray<string> | null | undefined;
  /** Only messages whose text has a web link, or only those without one. */
  readonly hasLink?: boolean | null | undefined;
  /** Only messages of these kinds. */
  readonly kinds?: ReadonlyArray<MessageKind> | null | undefined;
  /** If true, only messages that mention the viewer or all members. */
  readonly mentionsViewer?: boolean | null | undefined;
  /** Only by these senders, at most 100. */
  readonly senderIds?: ReadonlyArray<string> | null | undefined;
  /** Only messages sent at this time or later. */
  readonly sentAfter?: string | null | undefined;
  /** Only messages sent before this time. */
  readonly sentBefore?: string | null | undefined;
};

/** Order of the messages found. */
export type MessageSearchOrder =
  /** The latest first. */
  | 'NEWEST_FIRST'
  /** The earliest first. */
  | 'OLDEST_FIRST'
  /** Best hits first, then the latest; without a query the latest first. */
  | 'RELEVANCE';

/** Input of `muteGroupMember`. */
export type MuteGroupMemberInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** End of the mute, in the future; null lifts the mute. */
  readonly until?: string | null | undefined;
  /** User id of the member. */
  readonly userId: string;
};

/** Input of `openDirectConversation`. */
export type OpenDirectConversationInput = {
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `pinMessage`. */
export type PinMessageInput = {
  /** The id of the message. */
  readonly messageId: string;
};

/** Platform of a device. */
export type Platform =
  /** App on Android. */
  | 'ANDROID'
  /** Automated client. */
  | 'BOT'
  /** Desktop application. */
  | 'DESKTOP'
  /** App on iPhone or iPad. */
  | 'IOS'
  /** Mini program inside another app. */
  | 'MINI_PROGRAM'
  /** Another platform, or unknown. */
  | 'OTHER'
  /** Web browser. */
  | 'WEB';

/** Input of `postAnnouncement`. */
export type PostAnnouncementInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** Text of the announcement, 1 to serverInfo.limits.announcementLength code points. */
  readonly text: string;
};

/** Who may send messages in a group. */
export type PostingPolicy =
  /** Owner and admins; FORBIDDEN for others. */
  | 'ADMINS'
  /** Every member. */
  | 'EVERYONE';

/** Presence of a user: one status over all devices, the highest that any connected device has set. BUSY is highest, then ONLINE, then AWAY. */
export type PresenceStatus =
  /** Connected, and every device is AWAY. */
  | 'AWAY'
  /** Connected, and at least one device asks not to be disturbed. */
  | 'BUSY'
  /** Not connected, invisible, or not visible to the viewer. */
  | 'OFFLINE'
  /** At least one connected device is ONLINE, and none is BUSY. */
  | 'ONLINE';

/** A service that delivers notifications. serverInfo.capabilities.pushProviders lists those that are configured. */
export type PushProvider =
  /** Apple Push Notification service. The token is the device token in hexadecimal. */
  | 'APNS'
  /** E-mail digest to Me.email. Occurs only in push attempts; registerPushDevice rejects it with INVALID_INPUT. */
  | 'EMAIL'
  /** Firebase Cloud Messaging. The token is the registration token. */
  | 'FCM'
  /** Text message digest to Me.phone. Occurs only in push attempts; registerPushDevice rejects it with INVALID_INPUT. */
  | 'SMS'
  /** The operator's gateway to other services, such as Huawei, Xiaomi or Umeng. The gateway defines the token: 1 to 4096 printable ASCII characters. */
  | 'WEBHOOK'
  /** Web Push. The token is the PushSubscription as JSON, created with serverInfo.webPushPublicKey as applicationServerKey. */
  | 'WEB_PUSH';

/** State of a push attempt. */
export type PushStatus =
  /** Refused by the provider, or out of retries. Final. */
  | 'FAILED'
  /** The provider reports the token as invalid; the push device was removed. Final. */
  | 'GONE'
  /** Waiting: for an acknowledgement by a device, the end of quiet hours, or the next retry. */
  | 'QUEUED'
  /** Accepted by the provider. */
  | 'SENT'
  /** Not sent, because the message was acknowledged, read or recalled, or because of the recipient's settings. Final. */
  | 'SUPPRESSED';

/** Input of `recallMessage`. */
export type RecallMessageInput = {
  /** The id of the message. */
  readonly messageId: string;
};

/** Input of `refreshSession`. */
export type RefreshSessionInput = {
  /** The refresh token received last. */
  readonly refreshToken: string;
};

/** A new account. */
export type RegisterInput = {
  /** The first device of the account, which is signed in. */
  readonly device?: DeviceInput | null | undefined;
  /** Display name: one line of 1 to 64 code points with a visible character. */
  readonly displayName: string;
  /** E-mail address, visible to the viewer only. */
  readonly email?: string | null | undefined;
  /** Unique name: 3 to 32 characters of a–z, 0–9, _, . and -, stored in lower case. It starts with a letter or digit and has no two of _ . - in a row. */
  readonly handle: string;
  /** Password: 8 to 128 characters, not the handle and not a common password. */
  readonly password: string;
};

/** The push provider and token of the device that calls. */
export type RegisterPushDeviceInput = {
  /** Language of the notifications as a BCP 47 tag, such as zh-CN. English if omitted or unsupported. */
  readonly locale?: string | null | undefined;
  /** The service that delivers notifications to the device. */
  readonly provider: PushProvider;
  /** The provider's token for the device; its form depends on the provider, see PushProvider. */
  readonly token: string;
};

/** Input of `removeFriend`. */
export type RemoveFriendInput = {
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `removeGroupMember`. */
export type RemoveGroupMemberInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** User id of the member. */
  readonly userId: string;
};

/** Input of `removePushDevice`. */
export type RemovePushDeviceInput = {
  /** Id of the push device. */
  readonly pushDeviceId: string;
};

/** Input of `removeReaction`. */
export type RemoveReactionInput = {
  /** The emoji to remove. */
  readonly emoji: string;
  /** The id of the message. */
  readonly messageId: string;
};

/** Input of `renewSession`. */
export type RenewSessionInput = {
  /** An access token of the same session. */
  readonly accessToken: string;
};

/** Input of `reportMessage`. */
export type ReportMessageInput = {
  /** Id of the message. */
  readonly messageId: string;
  /** Note to the moderators, at most 1,000 code points. */
  readonly note?: string | null | undefined;
  /** Reason of the report. */
  readonly reason: ReportReason;
};

/** How a moderator resolved a report. */
export type ReportOutcome =
  /** No action. */
  | 'DISMISSED'
  /** The message was recalled, unless it was before. */
  | 'MESSAGE_RECALLED'
  /** The sender was suspended until restored. */
  | 'USER_SUSPENDED';

/** Why a message was reported. */
export type ReportReason =
  /** Insults, threats or harassment. */
  | 'ABUSE'
  /** Illegal content. */
  | 'ILLEGAL'
  /** Another reason, given in the note. */
  | 'OTHER'
  /** Advertising or repeated messages. */
  | 'SPAM';

/** State of a report. */
export type ReportStatus =
  /** Waits for a moderator. */
  | 'OPEN'
  /** Resolved by a moderator. */
  | 'RESOLVED';

/** Input of `requestContactVerification`. */
export type RequestContactVerificationInput = {
  /** The address to verify. */
  readonly channel: ContactChannel;
};

/** Input of `requestFriend`. */
export type RequestFriendInput = {
  /** Note for the recipient, at most 200 code points. */
  readonly note?: string | null | undefined;
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `resolveReport`. */
export type ResolveReportInput = {
  /** Note for the audit trail, at most 500 code points. With USER_SUSPENDED also the reason shown to the user. */
  readonly note?: string | null | undefined;
  /** How to resolve it. */
  readonly outcome: ReportOutcome;
  /** Id of the report. */
  readonly reportId: string;
};

/** Input of `restoreUser`. */
export type RestoreUserInput = {
  /** Id of the user. */
  readonly userId: string;
};

/** Input of `revokeGroupInvite`. */
export type RevokeGroupInviteInput = {
  /** Code of the invite. */
  readonly inviteCode: string;
};

/** Input of `revokeSession`. */
export type RevokeSessionInput = {
  /** The id of the session. */
  readonly sessionId: string;
};

/** Text with mentions. */
export type RichTextInput = {
  /** The parts in order, 1 to 200; together at most serverInfo.limits.textLength code points. */
  readonly parts: ReadonlyArray<RichTextPartInput>;
};

/** Part of a rich text: exactly one field. */
export type RichTextPartInput =
  {   /** Mention of a user. */
  readonly mention: MentionInput; readonly mentionAll?: never; readonly text?: never; }
  |  { readonly mention?: never;   /** Mention of all members. */
  readonly mentionAll: MentionAllInput; readonly text?: never; }
  |  { readonly mention?: never; readonly mentionAll?: never;   /** Plain text. */
  readonly text: string; };

/** A message to send. */
export type SendMessageInput = {
  /** Idempotency key chosen by the client, 1 to 64 printable ASCII characters, such as a UUID. */
  readonly clientMessageId: string;
  /** Content of the message. */
  readonly content: MessageContentInput;
  /** The conversation to send to. */
  readonly conversationId: string;
  /** Number of the quoted message, in the same conversation. */
  readonly quoteSeq?: number | null | undefined;
};

/** Input of `sendTyping`. */
export type SendTypingInput = {
  /** Conversation in which the viewer types. */
  readonly conversationId: string;
  /** False to end the indicator. */
  readonly typing?: boolean;
};

/** Why a session ended. */
export type SessionEndReason =
  /** The password was changed on another device. */
  | 'PASSWORD_CHANGED'
  /** The same device signed in again, or another device of its platform replaced it. */
  | 'REPLACED'
  /** Ended from another device, or because a refresh token was used twice. */
  | 'REVOKED'
  /** The device signed out. */
  | 'SIGNED_OUT'
  /** The account was suspended or deleted. */
  | 'SUSPENDED';

/** Input of `setFriendRemark`. */
export type SetFriendRemarkInput = {
  /** At most 64 code points; null or empty removes it. */
  readonly remark?: string | null | undefined;
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `setGroupMemberRole`. */
export type SetGroupMemberRoleInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** New role: ADMIN or MEMBER. */
  readonly role: GroupRole;
  /** User id of the member. */
  readonly userId: string;
};

/** Input of `setPresence`. */
export type SetPresenceInput = {
  /** ONLINE while the device is used, AWAY while it is idle, BUSY for do not disturb, OFFLINE for invisible. */
  readonly status: PresenceStatus;
};

/** Input of `setReadReceipts`. */
export type SetReadReceiptsInput = {
  /** Whether read receipts are on. */
  readonly enabled: boolean;
};

/** Input of `suspendUser`. */
export type SuspendUserInput = {
  /** Reason, 1 to 500 code points; shown to the user who tries to sign in. */
  readonly reason: string;
  /** End of the suspension, in the future; null until restored. */
  readonly until?: string | null | undefined;
  /** Id of the user. */
  readonly userId: string;
};

/** Event that a system message reports. */
export type SystemEvent =
  /** The actor posted an announcement. */
  | 'ANNOUNCEMENT_POSTED'
  /** The two users became friends. */
  | 'FRIENDSHIP_STARTED'
  /** The actor set, replaced or removed the avatar of the group. */
  | 'GROUP_AVATAR_CHANGED'
  /** The actor created the group with the subjects. */
  | 'GROUP_CREATED'
  /** The actor changed the description of the group. */
  | 'GROUP_DESCRIPTION_CHANGED'
  /** The actor muted the group: only the owner and admins may send. */
  | 'GROUP_MUTED'
  /** The actor renamed the group. */
  | 'GROUP_RENAMED'
  /** The actor unmuted the group. */
  | 'GROUP_UNMUTED'
  /** The actor changed which earlier messages new members see. */
  | 'HISTORY_VISIBILITY_CHANGED'
  /** The actor changed how users join the group. */
  | 'JOIN_POLICY_CHANGED'
  /** The actor added the subjects. */
  | 'MEMBERS_ADDED'
  /** The subject joined by an invite, an approved request, or an open group. The actor is the subject or, for a request, the user who approved it. */
  | 'MEMBER_JOINED'
  /** The subject left. */
  | 'MEMBER_LEFT'
  /** The actor removed the subject. */
  | 'MEMBER_REMOVED'
  /** The actor changed who may mention all members. */
  | 'MENTION_ALL_POLICY_CHANGED'
  /** The actor pinned a message. */
  | 'MESSAGE_PINNED'
  /** The subject became the owner. The actor was the owner until then. */
  | 'OWNER_CHANGED'
  /** The actor changed who may send in the group. */
  | 'POSTING_POLICY_CHANGED'
  /** The actor changed the role of the subject. */
  | 'ROLE_CHANGED'
  /** The actor changed the slow mode of the group. */
  | 'SLOW_MODE_CHANGED';

/** Input of `testPush`. */
export type TestPushInput = {
  /** Id of the push device. */
  readonly pushDeviceId: string;
};

/** Input of `transferGroup`. */
export type TransferGroupInput = {
  /** Id of the group. */
  readonly groupId: string;
  /** User id of the member. */
  readonly userId: string;
};

/** Input of `unblockUser`. */
export type UnblockUserInput = {
  /** The id of the other user. */
  readonly userId: string;
};

/** Input of `unpinMessage`. */
export type UnpinMessageInput = {
  /** The id of the message. */
  readonly messageId: string;
};

/** Changes of a group. What is left out stays. */
export type UpdateGroupInput = {
  /** Media id of an image uploaded by the viewer that is READY. null clears it. */
  readonly avatarMediaId?: string | null | undefined;
  /** At most 1,000 code points. null clears it. */
  readonly description?: string | null | undefined;
  /** Id of the group. */
  readonly groupId: string;
  /** Which earlier messages users see who join from now on. Cannot be null; if omitted, the value is unchanged. */
  readonly historyVisibility?: HistoryVisibility | null | undefined;
  /** Who may join. Cannot be null; if omitted, the value is unchanged. */
  readonly joinPolicy?: JoinPolicy | null | undefined;
  /** Who may mention all members. Cannot be null; if omitted, the value is unchanged. */
  readonly mentionAllPolicy?: MentionAllPolicy | null | undefined;
  /** Whether only owner and admins may send. Cannot be null; if omitted, the value is unchanged. */
  readonly mutedAll?: boolean | null | undefined;
  /** 1 to 100 code points. Cannot be null; if omitted, the value is unchanged. */
  readonly name?: string | null | undefined;
  /** Who may send. Cannot be null; if omitted, the value is unchanged. */
  readonly postingPolicy?: PostingPolicy | null | undefined;
  /** Seconds between two messages of a member, 0 to 86,400; 0 disables slow mode. Cannot be null; if omitted, the value is unchanged. */
  readonly slowModeSeconds?: number | null | undefined;
};

/** Input of `updateMembership`. */
export type UpdateMembershipInput = {
  /** The id of the conversation. */
  readonly conversationId: string;
  /** Whether to mute the conversation; see Membership.doNotDisturb. Cannot be null; if omitted, the value is unchanged. */
  readonly doNotDisturb?: boolean | null | undefined;
  /** Unsent text, at most serverInfo.limits.textLength code points. null clears it. */
  readonly draft?: string | null | undefined;
  /** Whether to hide the conversation until the next message. Cannot be null; if omitted, the value is unchanged. */
  readonly hidden?: boolean | null | undefined;
  /** The viewer's name in the group, at most 64 code points. null clears it. */
  readonly nickname?: string | null | undefined;
  /** Whether to show the conversation at the top of the viewer's list. Cannot be null; if omitted, the value is unchanged. */
  readonly pinned?: boolean | null | undefined;
};

/** Settings to change. What is left out stays. */
export type UpdateNotificationSettingsInput = {
  /** Whether to send e-mail digests of unread messages. Cannot be null; if omitted, the value is unchanged. */
  readonly email?: boolean | null | undefined;
  /** Whether to send push notifications to the viewer's devices. Cannot be null; if omitted, the value is unchanged. */
  readonly push?: boolean | null | undefined;
  /** Start of quiet hours in timeZone. Must be set together with quietTo. null clears it. */
  readonly quietFrom?: string | null | undefined;
  /** End of quiet hours in timeZone. Must be set together with quietFrom. null clears it. */
  readonly quietTo?: string | null | undefined;
  /** Whether to include the message text in notifications and digests. Cannot be null; if omitted, the value is unchanged. */
  readonly showPreview?: boolean | null | undefined;
  /** Whether to send text message digests of unread messages. Cannot be null; if omitted, the value is unchanged. */
  readonly sms?: boolean | null | undefined;
  /** Time zone of the quiet hours; UTC without one. null clears it. */
  readonly timeZone?: string | null | undefined;
};

/** Changes of a profile. What is left out stays. */
export type UpdateProfileInput = {
  /** A READY image uploaded by the viewer. null clears it. */
  readonly avatarMediaId?: string | null | undefined;
  /** Description, at most 280 code points. null clears it. */
  readonly bio?: string | null | undefined;
  /** Display name: one line of 1 to 64 code points with a visible character. Cannot be null; if omitted, the value is unchanged. */
  readonly displayName?: string | null | undefined;
  /** E-mail address. Verify it with `requestContactVerification`. null clears it. */
  readonly email?: string | null | undefined;
  /** Phone number with + and country code, such as +49 30 123456. Verify it with `requestContactVerification`. null clears it. */
  readonly phone?: string | null | undefined;
};

/** How the bytes of an upload are sent. */
export type UploadMethod =
  /** The bytes are the last field of a multipart form. */
  | 'POST'
  /** The bytes are the body of the request. */
  | 'PUT';

/** Input of `verifyContact`. */
export type VerifyContactInput = {
  /** The address to verify. */
  readonly channel: ContactChannel;
  /** The six digits. */
  readonly code: string;
};

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { readonly updateProfile: { readonly me: { readonly id: string } } | null };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { readonly changePassword: { readonly __typename: 'ChangePasswordPayload' } | null };

export type SetReadReceiptsMutationVariables = Exact<{
  input: SetReadReceiptsInput;
}>;


export type SetReadReceiptsMutation = { readonly setReadReceipts: { readonly __typename: 'SetReadReceiptsPayload' } | null };

export type DevicesQueryVariables = Exact<{ [key: string]: never; }>;


export type DevicesQuery = { readonly me: { readonly sessions: ReadonlyArray<{ readonly id: string, readonly deviceName: string, readonly platform: Platform, readonly lastSeenAt: string, readonly current: boolean }> } };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { readonly revokeSession: { readonly __typename: 'RevokeSessionPayload' } | null };

export type RevokeOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeOtherSessionsMutation = { readonly revokeOtherSessions: { readonly __typename: 'RevokeOtherSessionsPayload' } | null };

export type NotificationsQueryVariables = Exact<{ [key: string]: never; }>;


export type NotificationsQuery = { readonly me: { readonly email: string | null, readonly emailVerifiedAt: string | null, readonly phone: string | null, readonly phoneVerifiedAt: string | null, readonly notificationSettings: { readonly push: boolean, readonly showPreview: boolean, readonly quietFrom: string | null, readonly quietTo: string | null, readonly timeZone: string | null, readonly email: boolean, readonly sms: boolean }, readonly pushDevices: ReadonlyArray<{ readonly id: string, readonly provider: PushProvider, readonly createdAt: string }> }, readonly serverInfo: { readonly webPushPublicKey: string | null, readonly capabilities: { readonly pushProviders: ReadonlyArray<PushProvider> } } };

export type UpdateNotificationSettingsMutationVariables = Exact<{
  input: UpdateNotificationSettingsInput;
}>;


export type UpdateNotificationSettingsMutation = { readonly updateNotificationSettings: { readonly __typename: 'UpdateNotificationSettingsPayload' } | null };

export type RegisterPushDeviceMutationVariables = Exact<{
  input: RegisterPushDeviceInput;
}>;


export type RegisterPushDeviceMutation = { readonly registerPushDevice: { readonly pushDevice: { readonly id: string } } | null };

export type RemovePushDeviceMutationVariables = Exact<{
  input: RemovePushDeviceInput;
}>;


export type RemovePushDeviceMutation = { readonly removePushDevice: { readonly __typename: 'RemovePushDevicePayload' } | null };

export type TestPushMutationVariables = Exact<{
  input: TestPushInput;
}>;


export type TestPushMutation = { readonly testPush: { readonly attempt: { readonly status: PushStatus, readonly providerStatus: string | null } } | null };

export type RequestContactVerificationMutationVariables = Exact<{
  input: RequestContactVerificationInput;
}>;


export type RequestContactVerificationMutation = { readonly requestContactVerification: { readonly __typename: 'RequestContactVerificationPayload' } | null };

export type VerifyContactMutationVariables = Exact<{
  input: VerifyContactInput;
}>;


export type VerifyContactMutation = { readonly verifyContact: { readonly __typename: 'VerifyContactPayload' } | null };

export type SetPresenceMutationVariables = Exact<{
  input: SetPresenceInput;
}>;


export type SetPresenceMutation = { readonly setPresence: { readonly __typename: 'SetPresencePayload' } | null };

export type DeleteAccountMutationVariables = Exact<{
  input: DeleteAccountInput;
}>;


export type DeleteAccountMutation = { readonly deleteAccount: { readonly __typename: 'DeleteAccountPayload' } | null };

export type HiddenConversationsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type HiddenConversationsQuery = { readonly conversations: { readonly nodes: ReadonlyArray<
      | { readonly id: string, readonly title: string, readonly membership: { readonly hidden: boolean } }
      | { readonly id: string, readonly title: string, readonly membership: { readonly hidden: boolean } }
    >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type BlockedUsersQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type BlockedUsersQuery = { readonly blockedUsers: { readonly nodes: ReadonlyArray<PersonPartsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ProfileQueryVariables = Exact<{
  id: string;
}>;


export type ProfileQuery = { readonly user: (
    { readonly bio: string | null, readonly createdAt: string, readonly blockedByMe: boolean }
    & PersonPartsFragment
  ) | null };

export type SetFriendRemarkMutationVariables = Exact<{
  input: SetFriendRemarkInput;
}>;


export type SetFriendRemarkMutation = { readonly setFriendRemark: { readonly __typename: 'SetFriendRemarkPayload' } | null };

export type UpdateMembershipMutationVariables = Exact<{
  input: UpdateMembershipInput;
}>;


export type UpdateMembershipMutation = { readonly updateMembership: { readonly __typename: 'UpdateMembershipPayload' } | null };

export type BlockUserMutationVariables = Exact<{
  input: BlockUserInput;
}>;


export type BlockUserMutation = { readonly blockUser: { readonly __typename: 'BlockUserPayload' } | null };

export type UnblockUserMutationVariables = Exact<{
  input: UnblockUserInput;
}>;


export type UnblockUserMutation = { readonly unblockUser: { readonly __typename: 'UnblockUserPayload' } | null };

export type RemoveFriendMutationVariables = Exact<{
  input: RemoveFriendInput;
}>;


export type RemoveFriendMutation = { readonly removeFriend: { readonly __typename: 'RemoveFriendPayload' } | null };

export type ReportMessageMutationVariables = Exact<{
  input: ReportMessageInput;
}>;


export type ReportMessageMutation = { readonly reportMessage: { readonly __typename: 'ReportMessagePayload' } | null };

export type PersonPartsFragment = { readonly id: string, readonly handle: string, readonly displayName: string, readonly avatarUrl: string | null, readonly deletedAt: string | null };

export type MediaPartsFragment = { readonly id: string, readonly kind: MediaKind, readonly status: MediaStatus, readonly filename: string, readonly mimeType: string, readonly byteSize: number, readonly width: number | null, readonly height: number | null, readonly durationMs: number | null, readonly blurhash: string | null, readonly url: string | null, readonly thumbnailUrl: string | null, readonly urlExpiresAt: string | null, readonly variants: ReadonlyArray<{ readonly mimeType: string, readonly width: number | null, readonly height: number | null, readonly byteSize: number, readonly url: string | null }> };

type ContentParts_AudioContent_Fragment = { readonly __typename: 'AudioContent', readonly caption: string | null, readonly media: MediaPartsFragment | null };

type ContentParts_CustomContent_Fragment = { readonly __typename: 'CustomContent', readonly type: string, readonly data: Record<string, unknown>, readonly fallbackText: string };

type ContentParts_FileContent_Fragment = { readonly __typename: 'FileContent', readonly caption: string | null, readonly media: MediaPartsFragment | null };

type ContentParts_ForwardContent_Fragment = { readonly __typename: 'ForwardContent', readonly mode: ForwardMode, readonly sourceTitle: string, readonly summary: string, readonly messages: ReadonlyArray<{ readonly senderName: string, readonly sentAt: string, readonly content:
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
      | { readonly plainText: string }
     }> };

type ContentParts_ImageContent_Fragment = { readonly __typename: 'ImageContent', readonly caption: string | null, readonly media: MediaPartsFragment | null };

type ContentParts_RecalledContent_Fragment = { readonly __typename: 'RecalledContent' };

type ContentParts_RichTextContent_Fragment = { readonly __typename: 'RichTextContent', readonly parts: ReadonlyArray<
    | { readonly __typename: 'MentionPart', readonly all: boolean, readonly text: string, readonly user: { readonly id: string } | null }
    | { readonly __typename: 'TextPart', readonly text: string }
  > };

type ContentParts_SystemContent_Fragment = { readonly __typename: 'SystemContent', readonly event: SystemEvent, readonly actor: PersonPartsFragment | null, readonly subjects: ReadonlyArray<PersonPartsFragment> };

type ContentParts_TextContent_Fragment = { readonly __typename: 'TextContent', readonly text: string };

type ContentParts_VideoContent_Fragment = { readonly __typename: 'VideoContent', readonly caption: string | null, readonly media: MediaPartsFragment | null };

export type ContentPartsFragment =
  | ContentParts_AudioContent_Fragment
  | ContentParts_CustomContent_Fragment
  | ContentParts_FileContent_Fragment
  | ContentParts_ForwardContent_Fragment
  | ContentParts_ImageContent_Fragment
  | ContentParts_RecalledContent_Fragment
  | ContentParts_RichTextContent_Fragment
  | ContentParts_SystemContent_Fragment
  | ContentParts_TextContent_Fragment
  | ContentParts_VideoContent_Fragment
;

export type MessagePartsFragment = { readonly id: string, readonly clientMessageId: string | null, readonly seq: number, readonly version: number, readonly ordinal: number, readonly sentAt: string, readonly editedAt: string | null, readonly recalledAt: string | null, readonly senderName: string | null, readonly mentionsAll: boolean, readonly plainText: string, readonly quoteSeq: number | null, readonly sender: PersonPartsFragment | null, readonly mentions: ReadonlyArray<{ readonly id: string }>, readonly content:
    | ContentParts_AudioContent_Fragment
    | ContentParts_CustomContent_Fragment
    | ContentParts_FileContent_Fragment
    | ContentParts_ForwardContent_Fragment
    | ContentParts_ImageContent_Fragment
    | ContentParts_RecalledContent_Fragment
    | ContentParts_RichTextContent_Fragment
    | ContentParts_SystemContent_Fragment
    | ContentParts_TextContent_Fragment
    | ContentParts_VideoContent_Fragment
  , readonly quote: { readonly id: string, readonly seq: number, readonly version: number, readonly senderName: string | null, readonly plainText: string } | null, readonly reactions: ReadonlyArray<{ readonly emoji: string, readonly count: number }> };

export type OwnMessagePartsFragment = (
  { readonly conversationId: string, readonly reactions: ReadonlyArray<{ readonly reactedByMe: boolean }> }
  & MessagePartsFragment
);

type RowParts_DirectConversation_Fragment = { readonly __typename: 'DirectConversation', readonly peerReadSeq: number, readonly peerDeliveredSeq: number, readonly receiptsEnabled: boolean, readonly id: string, readonly version: number, readonly maxSeq: number, readonly messageCount: number, readonly createdAt: string, readonly lastActivityAt: string, readonly peer: (
    { readonly friendship: { readonly remark: string | null } | null }
    & PersonPartsFragment
  ), readonly pinnedMessages: ReadonlyArray<{ readonly id: string, readonly seq: number }>, readonly membership: { readonly readSeq: number, readonly readCount: number, readonly unreadMentionCount: number, readonly nextMentionSeq: number | null, readonly pinned: boolean, readonly hidden: boolean, readonly doNotDisturb: boolean, readonly draft: string | null, readonly role: GroupRole | null, readonly nickname: string | null, readonly mutedUntil: string | null, readonly joinedAt: string, readonly visibleFromSeq: number } };

type RowParts_GroupConversation_Fragment = { readonly __typename: 'GroupConversation', readonly name: string, readonly description: string | null, readonly avatarUrl: string | null, readonly memberCount: number, readonly mutedAll: boolean, readonly postingPolicy: PostingPolicy, readonly slowModeSeconds: number, readonly deliveryMode: DeliveryMode, readonly joinPolicy: JoinPolicy, readonly historyVisibility: HistoryVisibility, readonly id: string, readonly version: number, readonly maxSeq: number, readonly messageCount: number, readonly createdAt: string, readonly lastActivityAt: string, readonly owner: { readonly id: string }, readonly announcement: { readonly id: string, readonly text: string, readonly createdAt: string } | null, readonly pinnedMessages: ReadonlyArray<{ readonly id: string, readonly seq: number }>, readonly membership: { readonly readSeq: number, readonly readCount: number, readonly unreadMentionCount: number, readonly nextMentionSeq: number | null, readonly pinned: boolean, readonly hidden: boolean, readonly doNotDisturb: boolean, readonly draft: string | null, readonly role: GroupRole | null, readonly nickname: string | null, readonly mutedUntil: string | null, readonly joinedAt: string, readonly visibleFromSeq: number } };

export type RowPartsFragment =
  | RowParts_DirectConversation_Fragment
  | RowParts_GroupConversation_Fragment
;

type ListedParts_DirectConversation_Fragment = (
  { readonly lastMessage: OwnMessagePartsFragment | null }
  & RowParts_DirectConversation_Fragment
);

type ListedParts_GroupConversation_Fragment = (
  { readonly lastMessage: OwnMessagePartsFragment | null }
  & RowParts_GroupConversation_Fragment
);

export type ListedPartsFragment =
  | ListedParts_DirectConversation_Fragment
  | ListedParts_GroupConversation_Fragment
;

export type MePartsFragment = { readonly id: string, readonly unreadCount: number, readonly pendingFriendRequestCount: number, readonly readReceipts: boolean, readonly moderator: boolean, readonly user: (
    { readonly bio: string | null }
    & PersonPartsFragment
  ) };

export type CreateGroupMutationVariables = Exact<{
  input: CreateGroupInput;
}>;


export type CreateGroupMutation = { readonly createGroup: { readonly conversation: { readonly id: string } } | null };

export type UpdateGroupMutationVariables = Exact<{
  input: UpdateGroupInput;
}>;


export type UpdateGroupMutation = { readonly updateGroup: { readonly conversation: { readonly id: string } | null } | null };

export type AddGroupMembersMutationVariables = Exact<{
  input: AddGroupMembersInput;
}>;


export type AddGroupMembersMutation = { readonly addGroupMembers: { readonly joinRequests: ReadonlyArray<{ readonly id: string }> } | null };

export type RemoveGroupMemberMutationVariables = Exact<{
  input: RemoveGroupMemberInput;
}>;


export type RemoveGroupMemberMutation = { readonly removeGroupMember: { readonly __typename: 'RemoveGroupMemberPayload' } | null };

export type SetGroupMemberRoleMutationVariables = Exact<{
  input: SetGroupMemberRoleInput;
}>;


export type SetGroupMemberRoleMutation = { readonly setGroupMemberRole: { readonly __typename: 'SetGroupMemberRolePayload' } | null };

export type LeaveGroupMutationVariables = Exact<{
  input: LeaveGroupInput;
}>;


export type LeaveGroupMutation = { readonly leaveGroup: { readonly __typename: 'LeaveGroupPayload' } | null };

export type CreateGroupInviteMutationVariables = Exact<{
  input: CreateGroupInviteInput;
}>;


export type CreateGroupInviteMutation = { readonly createGroupInvite: { readonly invite: { readonly inviteCode: string } } | null };

export type RevokeGroupInviteMutationVariables = Exact<{
  input: RevokeGroupInviteInput;
}>;


export type RevokeGroupInviteMutation = { readonly revokeGroupInvite: { readonly __typename: 'RevokeGroupInvitePayload' } | null };

export type MuteGroupMemberMutationVariables = Exact<{
  input: MuteGroupMemberInput;
}>;


export type MuteGroupMemberMutation = { readonly muteGroupMember: { readonly __typename: 'MuteGroupMemberPayload' } | null };

export type TransferGroupMutationVariables = Exact<{
  input: TransferGroupInput;
}>;


export type TransferGroupMutation = { readonly transferGroup: { readonly __typename: 'TransferGroupPayload' } | null };

export type DissolveGroupMutationVariables = Exact<{
  input: DissolveGroupInput;
}>;


export type DissolveGroupMutation = { readonly dissolveGroup: { readonly __typename: 'DissolveGroupPayload' } | null };

export type PostAnnouncementMutationVariables = Exact<{
  input: PostAnnouncementInput;
}>;


export type PostAnnouncementMutation = { readonly postAnnouncement: { readonly __typename: 'PostAnnouncementPayload' } | null };

export type AnnouncementsQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type AnnouncementsQuery = { readonly conversation:
    | { readonly announcements: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly text: string, readonly createdAt: string, readonly author: PersonPartsFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type GroupSettingsQueryVariables = Exact<{
  id: string;
}>;


export type GroupSettingsQuery = { readonly conversation:
    | { readonly mentionAllPolicy: MentionAllPolicy, readonly invites: ReadonlyArray<{ readonly inviteCode: string, readonly uses: number, readonly maxUses: number | null, readonly expiresAt: string | null, readonly inviter: { readonly displayName: string } }> }
    | Record<PropertyKey, never>
   | null };

export type MembersNamedQueryVariables = Exact<{
  id: string;
  query: string;
}>;


export type MembersNamedQuery = { readonly conversation:
    | { readonly members: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly role: GroupRole, readonly nickname: string | null, readonly joinedAt: string, readonly mutedUntil: string | null, readonly readSeq: number, readonly user: PersonPartsFragment }> } }
    | Record<PropertyKey, never>
   | null };

export type GroupInviteQueryVariables = Exact<{
  inviteCode: string;
}>;


export type GroupInviteQuery = { readonly groupInvite: { readonly group: { readonly conversationId: string, readonly name: string, readonly memberCount: number, readonly avatarUrl: string | null }, readonly inviter: { readonly displayName: string } } | null };

export type JoinGroupMutationVariables = Exact<{
  input: JoinGroupInput;
}>;


export type JoinGroupMutation = { readonly joinGroup: { readonly conversation: { readonly id: string } | null } | null };

export type ApproveJoinRequestMutationVariables = Exact<{
  input: ApproveJoinRequestInput;
}>;


export type ApproveJoinRequestMutation = { readonly approveJoinRequest: { readonly __typename: 'ApproveJoinRequestPayload' } | null };

export type DeclineJoinRequestMutationVariables = Exact<{
  input: DeclineJoinRequestInput;
}>;


export type DeclineJoinRequestMutation = { readonly declineJoinRequest: { readonly __typename: 'DeclineJoinRequestPayload' } | null };

export type PinMessageMutationVariables = Exact<{
  input: PinMessageInput;
}>;


export type PinMessageMutation = { readonly pinMessage: { readonly __typename: 'PinMessagePayload' } | null };

export type UnpinMessageMutationVariables = Exact<{
  input: UnpinMessageInput;
}>;


export type UnpinMessageMutation = { readonly unpinMessage: { readonly __typename: 'UnpinMessagePayload' } | null };

export type PinnedMessagesQueryVariables = Exact<{
  id: string;
}>;


export type PinnedMessagesQuery = { readonly conversation:
    | { readonly pinnedMessages: ReadonlyArray<(
        { readonly conversationId: string }
        & MessagePartsFragment
      )> }
    | { readonly pinnedMessages: ReadonlyArray<(
        { readonly conversationId: string }
        & MessagePartsFragment
      )> }
   | null };

export type ForwardMessagesMutationVariables = Exact<{
  input: ForwardMessagesInput;
}>;


export type ForwardMessagesMutation = { readonly forwardMessages: { readonly messages: ReadonlyArray<{ readonly id: string }> } | null };

export type MessageReadersQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type MessageReadersQuery = { readonly message: { readonly readBy: { readonly nodes: ReadonlyArray<PersonPartsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type MessageReactorsQueryVariables = Exact<{
  id: string;
}>;


export type MessageReactorsQuery = { readonly message: { readonly reactions: ReadonlyArray<{ readonly emoji: string, readonly users: { readonly nodes: ReadonlyArray<PersonPartsFragment> } }> } | null };

export type MessageRevisionsQueryVariables = Exact<{
  id: string;
}>;


export type MessageRevisionsQuery = { readonly message: { readonly revisions: ReadonlyArray<{ readonly id: string, readonly replacedAt: string, readonly content:
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
        | { readonly plainText: string }
       }> } | null };

export type FindMessagesQueryVariables = Exact<{
  query?: string | null | undefined;
  filter?: MessageSearchFilter | null | undefined;
  order?: MessageSearchOrder | null | undefined;
  after?: string | null | undefined;
}>;


export type FindMessagesQuery = { readonly searchMessages: { readonly nodes: ReadonlyArray<{ readonly highlights: ReadonlyArray<{ readonly snippet: string, readonly ranges: ReadonlyArray<{ readonly start: number, readonly length: number }> }>, readonly message: (
        { readonly conversationId: string }
        & MessagePartsFragment
      ) }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type ReportsQueryVariables = Exact<{
  status?: ReportStatus | null | undefined;
  after?: string | null | undefined;
}>;


export type ReportsQuery = { readonly reports: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly reason: ReportReason, readonly note: string | null, readonly automatic: boolean, readonly createdAt: string, readonly reportedText: string | null, readonly status: ReportStatus, readonly outcome: ReportOutcome | null, readonly resolvedAt: string | null, readonly reporter: PersonPartsFragment | null, readonly resolvedBy: PersonPartsFragment | null, readonly message: (
        { readonly conversationId: string }
        & MessagePartsFragment
      ) }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type ResolveReportMutationVariables = Exact<{
  input: ResolveReportInput;
}>;


export type ResolveReportMutation = { readonly resolveReport: { readonly __typename: 'ResolveReportPayload' } | null };

export type SuspendUserMutationVariables = Exact<{
  input: SuspendUserInput;
}>;


export type SuspendUserMutation = { readonly suspendUser: { readonly __typename: 'SuspendUserPayload' } | null };

export type RestoreUserMutationVariables = Exact<{
  input: RestoreUserInput;
}>;


export type RestoreUserMutation = { readonly restoreUser: { readonly __typename: 'RestoreUserPayload' } | null };

export type AuditLogQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly action: AuditAction, readonly at: string, readonly subject: string, readonly detail: Record<string, unknown> | null, readonly actor: PersonPartsFragment | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register: Tokens_RegisterPayload_Fragment | null };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { readonly login: Tokens_LoginPayload_Fragment | null };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { readonly refreshSession: Tokens_RefreshSessionPayload_Fragment | null };

type Tokens_LoginPayload_Fragment = { readonly accessToken: string, readonly accessTokenExpiresInSeconds: number, readonly refreshToken: string, readonly session: { readonly id: string }, readonly user: { readonly id: string } };

type Tokens_RefreshSessionPayload_Fragment = { readonly accessToken: string, readonly accessTokenExpiresInSeconds: number, readonly refreshToken: string, readonly session: { readonly id: string }, readonly user: { readonly id: string } };

type Tokens_RegisterPayload_Fragment = { readonly accessToken: string, readonly accessTokenExpiresInSeconds: number, readonly refreshToken: string, readonly session: { readonly id: string }, readonly user: { readonly id: string } };

export type TokensFragment =
  | Tokens_LoginPayload_Fragment
  | Tokens_RefreshSessionPayload_Fragment
  | Tokens_RegisterPayload_Fragment
;

export type RenewSessionMutationVariables = Exact<{
  input: RenewSessionInput;
}>;


export type RenewSessionMutation = { readonly renewSession: { readonly session: { readonly id: string } } | null };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { readonly logout: { readonly __typename: 'LogoutPayload' } | null };

export type AcknowledgeMutationVariables = Exact<{
  input: AcknowledgeInput;
}>;


export type AcknowledgeMutation = { readonly acknowledge: { readonly cursor: string } | null };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { readonly sendMessage: { readonly message: OwnMessagePartsFragment } | null };

export type EditMessageMutationVariables = Exact<{
  input: EditMessageInput;
}>;


export type EditMessageMutation = { readonly editMessage: { readonly message: OwnMessagePartsFragment } | null };

export type RecallMessageMutationVariables = Exact<{
  input: RecallMessageInput;
}>;


export type RecallMessageMutation = { readonly recallMessage: { readonly message: OwnMessagePartsFragment } | null };

export type AddReactionMutationVariables = Exact<{
  input: AddReactionInput;
}>;


export type AddReactionMutation = { readonly addReaction: { readonly message: OwnMessagePartsFragment } | null };

export type RemoveReactionMutationVariables = Exact<{
  input: RemoveReactionInput;
}>;


export type RemoveReactionMutation = { readonly removeReaction: { readonly message: OwnMessagePartsFragment } | null };

export type MarkReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type MarkReadMutation = { readonly markRead: { readonly membership: { readonly id: string } } | null };

export type SendTypingMutationVariables = Exact<{
  input: SendTypingInput;
}>;


export type SendTypingMutation = { readonly sendTyping: { readonly __typename: 'SendTypingPayload' } | null };

export type OpenDirectConversationMutationVariables = Exact<{
  input: OpenDirectConversationInput;
}>;


export type OpenDirectConversationMutation = { readonly openDirectConversation: { readonly conversation: ListedParts_DirectConversation_Fragment } | null };

export type CreateUploadMutationVariables = Exact<{
  input: CreateUploadInput;
}>;


export type CreateUploadMutation = { readonly createUpload: { readonly ticket: { readonly url: string, readonly method: UploadMethod, readonly headers: ReadonlyArray<{ readonly name: string, readonly value: string }>, readonly media: { readonly id: string } } } | null };

export type CompleteUploadMutationVariables = Exact<{
  input: CompleteUploadInput;
}>;


export type CompleteUploadMutation = { readonly completeUpload: { readonly media: { readonly id: string, readonly kind: MediaKind, readonly status: MediaStatus } } | null };

export type FriendPartsFragment = { readonly id: string, readonly createdAt: string, readonly remark: string | null, readonly user: PersonPartsFragment };

export type FriendRequestPartsFragment = { readonly id: string, readonly status: FriendRequestStatus, readonly note: string | null, readonly createdAt: string, readonly from: PersonPartsFragment, readonly to: PersonPartsFragment };

export type JoinRequestPartsFragment = { readonly id: string, readonly status: JoinRequestStatus, readonly note: string | null, readonly createdAt: string, readonly user: PersonPartsFragment, readonly group: { readonly conversationId: string, readonly name: string } };

export type FriendsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type FriendsQuery = { readonly friends: { readonly nodes: ReadonlyArray<FriendPartsFragment>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type FriendRequestsQueryVariables = Exact<{
  direction: FriendRequestDirection;
}>;


export type FriendRequestsQuery = { readonly friendRequests: { readonly nodes: ReadonlyArray<FriendRequestPartsFragment> } };

export type JoinRequestsQueryVariables = Exact<{
  id: string;
}>;


export type JoinRequestsQuery = { readonly conversation:
    | { readonly joinRequests: { readonly nodes: ReadonlyArray<JoinRequestPartsFragment> } }
    | Record<PropertyKey, never>
   | null };

export type MembersQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
}>;


export type MembersQuery = { readonly conversation:
    | { readonly members: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly role: GroupRole, readonly nickname: string | null, readonly joinedAt: string, readonly mutedUntil: string | null, readonly readSeq: number, readonly user: PersonPartsFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type OnePersonQueryVariables = Exact<{
  id: string;
}>;


export type OnePersonQuery = { readonly user: PersonPartsFragment | null };

export type SearchPeopleQueryVariables = Exact<{
  query: string;
}>;


export type SearchPeopleQuery = { readonly searchUsers: { readonly nodes: ReadonlyArray<PersonPartsFragment> } };

export type MediaItemsQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type MediaItemsQuery = { readonly nodes: ReadonlyArray<
    | MediaPartsFragment
    | Record<PropertyKey, never>
   | null> };

export type RequestFriendMutationVariables = Exact<{
  input: RequestFriendInput;
}>;


export type RequestFriendMutation = { readonly requestFriend: { readonly __typename: 'RequestFriendPayload' } | null };

export type AcceptFriendRequestMutationVariables = Exact<{
  input: AcceptFriendRequestInput;
}>;


export type AcceptFriendRequestMutation = { readonly acceptFriendRequest: { readonly __typename: 'AcceptFriendRequestPayload' } | null };

export type DeclineFriendRequestMutationVariables = Exact<{
  input: DeclineFriendRequestInput;
}>;


export type DeclineFriendRequestMutation = { readonly declineFriendRequest: { readonly __typename: 'DeclineFriendRequestPayload' } | null };

export type CancelFriendRequestMutationVariables = Exact<{
  input: CancelFriendRequestInput;
}>;


export type CancelFriendRequestMutation = { readonly cancelFriendRequest: { readonly __typename: 'CancelFriendRequestPayload' } | null };

export type FirstScreenQueryVariables = Exact<{
  first: number;
}>;


export type FirstScreenQuery = { readonly syncCursor: string, readonly me: MePartsFragment, readonly conversations: { readonly nodes: ReadonlyArray<
      | ListedParts_DirectConversation_Fragment
      | ListedParts_GroupConversation_Fragment
    >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type MoreConversationsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type MoreConversationsQuery = { readonly conversations: { readonly nodes: ReadonlyArray<
      | ListedParts_DirectConversation_Fragment
      | ListedParts_GroupConversation_Fragment
    >, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type OneConversationQueryVariables = Exact<{
  id: string;
}>;


export type OneConversationQuery = { readonly conversation:
    | ListedParts_DirectConversation_Fragment
    | ListedParts_GroupConversation_Fragment
   | null };

export type PullChangesQueryVariables = Exact<{
  since: ReadonlyArray<ConversationVersionInput> | ConversationVersionInput;
  first: number;
}>;


export type PullChangesQuery = { readonly conversationChanges: ReadonlyArray<{ readonly version: number, readonly hasMore: boolean, readonly conversation:
      | RowParts_DirectConversation_Fragment
      | RowParts_GroupConversation_Fragment
    , readonly messages: ReadonlyArray<OwnMessagePartsFragment> }> };

export type HistoryPageQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  last?: number | null | undefined;
  beforeSeq?: number | null | undefined;
  afterSeq?: number | null | undefined;
  around?: number | null | undefined;
}>;


export type HistoryPageQuery = { readonly conversation:
    | { readonly id: string, readonly messages: { readonly nodes: ReadonlyArray<OwnMessagePartsFragment> } }
    | { readonly id: string, readonly messages: { readonly nodes: ReadonlyArray<OwnMessagePartsFragment> } }
   | null };

export type OwnReactionsQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type OwnReactionsQuery = { readonly nodes: ReadonlyArray<
    | OwnMessagePartsFragment
    | Record<PropertyKey, never>
   | null> };

export type SearchMessagesQueryVariables = Exact<{
  query: string;
  filter?: MessageSearchFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchMessagesQuery = { readonly searchMessages: { readonly nodes: ReadonlyArray<{ readonly message: OwnMessagePartsFragment }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null };

export type InboxSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  streamId?: string | null | undefined;
}>;


export type InboxSubscription = { readonly inbox:
    | { readonly __typename: 'Checkpoint', readonly caughtUp: boolean, readonly cursor: string }
    | { readonly __typename: 'ConversationChanged', readonly cursor: string, readonly conversation:
        | (
          { readonly lastMessage: OwnMessagePartsFragment | null }
          & RowParts_DirectConversation_Fragment
        )
        | (
          { readonly lastMessage: OwnMessagePartsFragment | null }
          & RowParts_GroupConversation_Fragment
        )
       }
    | { readonly __typename: 'ConversationRemoved', readonly conversationId: string, readonly cursor: string }
    | { readonly __typename: 'ConversationSignal', readonly conversationId: string, readonly version: number, readonly maxSeq: number, readonly messageCount: number, readonly cursor: string }
    | { readonly __typename: 'FriendRequestChanged', readonly cursor: string, readonly friendRequest: FriendRequestPartsFragment }
    | { readonly __typename: 'FriendshipChanged', readonly userId: string, readonly cursor: string, readonly friendship: FriendPartsFragment | null }
    | { readonly __typename: 'JoinRequestChanged', readonly cursor: string, readonly joinRequest: JoinRequestPartsFragment }
    | { readonly __typename: 'MeChanged', readonly cursor: string, readonly me: MePartsFragment }
    | { readonly __typename: 'MediaChanged', readonly cursor: string }
    | { readonly __typename: 'MessagesChanged', readonly conversationId: string, readonly fromVersion: number, readonly version: number, readonly maxSeq: number, readonly messageCount: number, readonly cursor: string, readonly messages: ReadonlyArray<MessagePartsFragment> }
    | { readonly __typename: 'ReceiptsChanged', readonly conversationId: string, readonly userId: string, readonly readSeq: number, readonly deliveredSeq: number, readonly cursor: string }
    | { readonly __typename: 'ResyncRequired', readonly resyncReason: string, readonly cursor: string }
    | { readonly __typename: 'SessionEnded', readonly endReason: SessionEndReason, readonly cursor: string }
    | { readonly __typename: 'SessionExpiring', readonly cursor: string }
    | { readonly __typename: 'UserChanged', readonly cursor: string, readonly user: PersonPartsFragment }
   };

export type TypingSubscriptionVariables = Exact<{
  conversationId: string;
}>;


export type TypingSubscription = { readonly typing: { readonly typing: boolean, readonly expiresAt: string, readonly user: PersonPartsFragment } };

export type PresenceSubscriptionVariables = Exact<{
  userIds: ReadonlyArray<string> | string;
}>;


export type PresenceSubscription = { readonly presence: { readonly id: string, readonly presence: { readonly status: PresenceStatus, readonly lastSeenAt: string | null } } };

/** The text of an operation, typed by its answer and its variables. */
export type Document<Data, Variables> = string & { readonly __types?: (variables: Variables) => Data }

const joined = (...parts: readonly string[]) => parts.join('')


const PersonParts = 'fragment F0 on User{id handle displayName avatarUrl deletedAt}'

const MediaParts = 'fragment F1 on Media{id kind status filename mimeType byteSize width height durationMs blurhash url thumbnailUrl urlExpiresAt variants{mimeType width height byteSize url}}'

const ContentParts = 'fragment F2 on MessageContent{__typename ...on TextContent{text}...on RichTextContent{parts{__typename text ...on MentionPart{all user{id}}}}...on ImageContent{caption media{...F1}}...on VideoContent{caption media{...F1}}...on AudioContent{caption media{...F1}}...on FileContent{caption media{...F1}}...on CustomContent{type data fallbackText}...on ForwardContent{mode sourceTitle summary messages{senderName sentAt content{plainText}}}...on SystemContent{event actor{...F0}subjects{...F0}}}'

const MessageParts = 'fragment F3 on Message{id clientMessageId seq version ordinal sentAt editedAt recalledAt sender{...F0}senderName mentionsAll mentions{id}plainText content{...F2}quoteSeq quote{id seq version senderName plainText}reactions{emoji count}}'

const OwnMessageParts = 'fragment F4 on Message{...F3 conversationId reactions{reactedByMe}}'

const RowParts = 'fragment F5 on Conversation{__typename id version maxSeq messageCount createdAt lastActivityAt pinnedMessages{id seq}membership{readSeq readCount unreadMentionCount nextMentionSeq pinned hidden doNotDisturb draft role nickname mutedUntil joinedAt visibleFromSeq}...on DirectConversation{peer{...F0 friendship{remark}}peerReadSeq peerDeliveredSeq receiptsEnabled}...on GroupConversation{name description avatarUrl memberCount mutedAll postingPolicy slowModeSeconds deliveryMode joinPolicy historyVisibility owner{id}announcement{id text createdAt}}}'

const ListedParts = 'fragment F6 on Conversation{...F5 lastMessage{...F4}}'

const MeParts = 'fragment F7 on Me{id unreadCount pendingFriendRequestCount readReceipts moderator user{...F0 bio}}'

const Tokens = 'fragment F8 on AuthPayload{accessToken accessTokenExpiresInSeconds refreshToken session{id}user{id}}'

const FriendParts = 'fragment F9 on Friendship{id createdAt remark user{...F0}}'

const FriendRequestParts = 'fragment F10 on FriendRequest{id status note createdAt from{...F0}to{...F0}}'

const JoinRequestParts = 'fragment F11 on GroupJoinRequest{id status note createdAt user{...F0}group{conversationId name}}'

export const UpdateProfile: Document<UpdateProfileMutation, UpdateProfileMutationVariables> = 'mutation UpdateProfile($input:UpdateProfileInput!){updateProfile(input:$input){me{id}}}'

export const ChangePassword: Document<ChangePasswordMutation, ChangePasswordMutationVariables> = 'mutation ChangePassword($input:ChangePasswordInput!){changePassword(input:$input){__typename}}'

export const SetReadReceipts: Document<SetReadReceiptsMutation, SetReadReceiptsMutationVariables> = 'mutation SetReadReceipts($input:SetReadReceiptsInput!){setReadReceipts(input:$input){__typename}}'

export const Devices: Document<DevicesQuery, DevicesQueryVariables> = 'query Devices{me{sessions{id deviceName platform lastSeenAt current}}}'

export const RevokeSession: Document<RevokeSessionMutation, RevokeSessionMutationVariables> = 'mutation RevokeSession($input:RevokeSessionInput!){revokeSession(input:$input){__typename}}'

export const RevokeOtherSessions: Document<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables> = 'mutation RevokeOtherSessions{revokeOtherSessions{__typename}}'

export const Notifications: Document<NotificationsQuery, NotificationsQueryVariables> = 'query Notifications{me{email emailVerifiedAt phone phoneVerifiedAt notificationSettings{push showPreview quietFrom quietTo timeZone email sms}pushDevices{id provider createdAt}}serverInfo{webPushPublicKey capabilities{pushProviders}}}'

export const UpdateNotificationSettings: Document<UpdateNotificationSettingsMutation, UpdateNotificationSettingsMutationVariables> = 'mutation UpdateNotificationSettings($input:UpdateNotificationSettingsInput!){updateNotificationSettings(input:$input){__typename}}'

export const RegisterPushDevice: Document<RegisterPushDeviceMutation, RegisterPushDeviceMutationVariables> = 'mutation RegisterPushDevice($input:RegisterPushDeviceInput!){registerPushDevice(input:$input){pushDevice{id}}}'

export const RemovePushDevice: Document<RemovePushDeviceMutation, RemovePushDeviceMutationVariables> = 'mutation RemovePushDevice($input:RemovePushDeviceInput!){removePushDevice(input:$input){__typename}}'

export const TestPush: Document<TestPushMutation, TestPushMutationVariables> = 'mutation TestPush($input:TestPushInput!){testPush(input:$input){attempt{status providerStatus}}}'

export const RequestContactVerification: Document<RequestContactVerificationMutation, RequestContactVerificationMutationVariables> = 'mutation RequestContactVerification($input:RequestContactVerificationInput!){requestContactVerification(input:$input){__typename}}'

export const VerifyContact: Document<VerifyContactMutation, VerifyContactMutationVariables> = 'mutation VerifyContact($input:VerifyContactInput!){verifyContact(input:$input){__typename}}'

export const SetPresence: Document<SetPresenceMutation, SetPresenceMutationVariables> = 'mutation SetPresence($input:SetPresenceInput!){setPresence(input:$input){__typename}}'

export const DeleteAccount: Document<DeleteAccountMutation, DeleteAccountMutationVariables> = 'mutation DeleteAccount($input:DeleteAccountInput!){deleteAccount(input:$input){__typename}}'

export const HiddenConversations: Document<HiddenConversationsQuery, HiddenConversationsQueryVariables> = 'query HiddenConversations($after:String){conversations(first:100 after:$after filter:{includeHidden:true}){nodes{id title membership{hidden}}pageInfo{hasNextPage endCursor}}}'

export const BlockedUsers: Document<BlockedUsersQuery, BlockedUsersQueryVariables> = /* @__PURE__ */ joined('query BlockedUsers($after:String){blockedUsers(first:100 after:$after){nodes{...F0}pageInfo{hasNextPage endCursor}}}', PersonParts)

export const Profile: Document<ProfileQuery, ProfileQueryVariables> = /* @__PURE__ */ joined('query Profile($id:ID!){user(id:$id){...F0 bio createdAt blockedByMe}}', PersonParts)

export const SetFriendRemark: Document<SetFriendRemarkMutation, SetFriendRemarkMutationVariables> = 'mutation SetFriendRemark($input:SetFriendRemarkInput!){setFriendRemark(input:$input){__typename}}'

export const UpdateMembership: Document<UpdateMembershipMutation, UpdateMembershipMutationVariables> = 'mutation UpdateMembership($input:UpdateMembershipInput!){updateMembership(input:$input){__typename}}'

export const BlockUser: Document<BlockUserMutation, BlockUserMutationVariables> = 'mutation BlockUser($input:BlockUserInput!){blockUser(input:$input){__typename}}'

export const UnblockUser: Document<UnblockUserMutation, UnblockUserMutationVariables> = 'mutation UnblockUser($input:UnblockUserInput!){unblockUser(input:$input){__typename}}'

export const RemoveFriend: Document<RemoveFriendMutation, RemoveFriendMutationVariables> = 'mutation RemoveFriend($input:RemoveFriendInput!){removeFriend(input:$input){__typename}}'

export const ReportMessage: Document<ReportMessageMutation, ReportMessageMutationVariables> = 'mutation ReportMessage($input:ReportMessageInput!){reportMessage(input:$input){__typename}}'

export const CreateGroup: Document<CreateGroupMutation, CreateGroupMutationVariables> = 'mutation CreateGroup($input:CreateGroupInput!){createGroup(input:$input){conversation{id}}}'

export const UpdateGroup: Document<UpdateGroupMutation, UpdateGroupMutationVariables> = 'mutation UpdateGroup($input:UpdateGroupInput!){updateGroup(input:$input){conversation{id}}}'

export const AddGroupMembers: Document<AddGroupMembersMutation, AddGroupMembersMutationVariables> = 'mutation AddGroupMembers($input:AddGroupMembersInput!){addGroupMembers(input:$input){joinRequests{id}}}'

export const RemoveGroupMember: Document<RemoveGroupMemberMutation, RemoveGroupMemberMutationVariables> = 'mutation RemoveGroupMember($input:RemoveGroupMemberInput!){removeGroupMember(input:$input){__typename}}'

export const SetGroupMemberRole: Document<SetGroupMemberRoleMutation, SetGroupMemberRoleMutationVariables> = 'mutation SetGroupMemberRole($input:SetGroupMemberRoleInput!){setGroupMemberRole(input:$input){__typename}}'

export const LeaveGroup: Document<LeaveGroupMutation, LeaveGroupMutationVariables> = 'mutation LeaveGroup($input:LeaveGroupInput!){leaveGroup(input:$input){__typename}}'

export const CreateGroupInvite: Document<CreateGroupInviteMutation, CreateGroupInviteMutationVariables> = 'mutation CreateGroupInvite($input:CreateGroupInviteInput!){createGroupInvite(input:$input){invite{inviteCode}}}'

export const RevokeGroupInvite: Document<RevokeGroupInviteMutation, RevokeGroupInviteMutationVariables> = 'mutation RevokeGroupInvite($input:RevokeGroupInviteInput!){revokeGroupInvite(input:$input){__typename}}'

export const MuteGroupMember: Document<MuteGroupMemberMutation, MuteGroupMemberMutationVariables> = 'mutation MuteGroupMember($input:MuteGroupMemberInput!){muteGroupMember(input:$input){__typename}}'

export const TransferGroup: Document<TransferGroupMutation, TransferGroupMutationVariables> = 'mutation TransferGroup($input:TransferGroupInput!){transferGroup(input:$input){__typename}}'

export const DissolveGroup: Document<DissolveGroupMutation, DissolveGroupMutationVariables> = 'mutation DissolveGroup($input:DissolveGroupInput!){dissolveGroup(input:$input){__typename}}'

export const PostAnnouncement: Document<PostAnnouncementMutation, PostAnnouncementMutationVariables> = 'mutation PostAnnouncement($input:PostAnnouncementInput!){postAnnouncement(input:$input){__typename}}'

export const Announcements: Document<AnnouncementsQuery, AnnouncementsQueryVariables> = /* @__PURE__ */ joined('query Announcements($id:ID!$after:String){conversation(id:$id){...on GroupConversation{announcements(first:20 after:$after){nodes{id text createdAt author{...F0}}pageInfo{hasNextPage endCursor}}}}}', PersonParts)

export const GroupSettings: Document<GroupSettingsQuery, GroupSettingsQueryVariables> = 'query GroupSettings($id:ID!){conversation(id:$id){...on GroupConversation{mentionAllPolicy invites{inviteCode uses maxUses expiresAt inviter{displayName}}}}}'

export const MembersNamed: Document<MembersNamedQuery, MembersNamedQueryVariables> = /* @__PURE__ */ joined('query MembersNamed($id:ID!$query:String!){conversation(id:$id){...on GroupConversation{members(first:30 query:$query){nodes{id role nickname joinedAt mutedUntil readSeq user{...F0}}}}}}', PersonParts)

export const GroupInvite: Document<GroupInviteQuery, GroupInviteQueryVariables> = 'query GroupInvite($inviteCode:String!){groupInvite(inviteCode:$inviteCode){group{conversationId name memberCount avatarUrl}inviter{displayName}}}'

export const JoinGroup: Document<JoinGroupMutation, JoinGroupMutationVariables> = 'mutation JoinGroup($input:JoinGroupInput!){joinGroup(input:$input){conversation{id}}}'

export const ApproveJoinRequest: Document<ApproveJoinRequestMutation, ApproveJoinRequestMutationVariables> = 'mutation ApproveJoinRequest($input:ApproveJoinRequestInput!){approveJoinRequest(input:$input){__typename}}'

export const DeclineJoinRequest: Document<DeclineJoinRequestMutation, DeclineJoinRequestMutationVariables> = 'mutation DeclineJoinRequest($input:DeclineJoinRequestInput!){declineJoinRequest(input:$input){__typename}}'

export const PinMessage: Document<PinMessageMutation, PinMessageMutationVariables> = 'mutation PinMessage($input:PinMessageInput!){pinMessage(input:$input){__typename}}'

export const UnpinMessage: Document<UnpinMessageMutation, UnpinMessageMutationVariables> = 'mutation UnpinMessage($input:UnpinMessageInput!){unpinMessage(input:$input){__typename}}'

export const PinnedMessages: Document<PinnedMessagesQuery, PinnedMessagesQueryVariables> = /* @__PURE__ */ joined('query PinnedMessages($id:ID!){conversation(id:$id){pinnedMessages{...F3 conversationId}}}', MessageParts, PersonParts, ContentParts, MediaParts)

export const ForwardMessages: Document<ForwardMessagesMutation, ForwardMessagesMutationVariables> = 'mutation ForwardMessages($input:ForwardMessagesInput!){forwardMessages(input:$input){messages{id}}}'

export const MessageReaders: Document<MessageReadersQuery, MessageReadersQueryVariables> = /* @__PURE__ */ joined('query MessageReaders($id:ID!$after:String){message(id:$id){readBy(first:100 after:$after){nodes{...F0}pageInfo{hasNextPage endCursor}}}}', PersonParts)

export const MessageReactors: Document<MessageReactorsQuery, MessageReactorsQueryVariables> = /* @__PURE__ */ joined('query MessageReactors($id:ID!){message(id:$id){reactions{emoji users(first:50){nodes{...F0}}}}}', PersonParts)

export const MessageRevisions: Document<MessageRevisionsQuery, MessageRevisionsQueryVariables> = 'query MessageRevisions($id:ID!){message(id:$id){revisions{id replacedAt content{plainText}}}}'

export const FindMessages: Document<FindMessagesQuery, FindMessagesQueryVariables> = /* @__PURE__ */ joined('query FindMessages($query:String$filter:MessageSearchFilter$order:MessageSearchOrder$after:String){searchMessages(query:$query filter:$filter order:$order first:30 after:$after){nodes{highlights{snippet ranges{start length}}message{...F3 conversationId}}pageInfo{hasNextPage endCursor}}}', MessageParts, PersonParts, ContentParts, MediaParts)

export const Reports: Document<ReportsQuery, ReportsQueryVariables> = /* @__PURE__ */ joined('query Reports($status:ReportStatus$after:String){reports(first:30 status:$status after:$after){nodes{id reason note automatic createdAt reportedText status outcome resolvedAt reporter{...F0}resolvedBy{...F0}message{...F3 conversationId}}pageInfo{hasNextPage endCursor}}}', PersonParts, MessageParts, ContentParts, MediaParts)

export const ResolveReport: Document<ResolveReportMutation, ResolveReportMutationVariables> = 'mutation ResolveReport($input:ResolveReportInput!){resolveReport(input:$input){__typename}}'

export const SuspendUser: Document<SuspendUserMutation, SuspendUserMutationVariables> = 'mutation SuspendUser($input:SuspendUserInput!){suspendUser(input:$input){__typename}}'

export const RestoreUser: Document<RestoreUserMutation, RestoreUserMutationVariables> = 'mutation RestoreUser($input:RestoreUserInput!){restoreUser(input:$input){__typename}}'

export const AuditLog: Document<AuditLogQuery, AuditLogQueryVariables> = /* @__PURE__ */ joined('query AuditLog($after:String){auditLog(first:30 after:$after){nodes{id action at subject detail actor{...F0}}pageInfo{hasNextPage endCursor}}}', PersonParts)

export const Register: Document<RegisterMutation, RegisterMutationVariables> = /* @__PURE__ */ joined('mutation Register($input:RegisterInput!){register(input:$input){...F8}}', Tokens)

export const Login: Document<LoginMutation, LoginMutationVariables> = /* @__PURE__ */ joined('mutation Login($input:LoginInput!){login(input:$input){...F8}}', Tokens)

export const RefreshSession: Document<RefreshSessionMutation, RefreshSessionMutationVariables> = /* @__PURE__ */ joined('mutation RefreshSession($input:RefreshSessionInput!){refreshSession(input:$input){...F8}}', Tokens)

export const RenewSession: Document<RenewSessionMutation, RenewSessionMutationVariables> = 'mutation RenewSession($input:RenewSessionInput!){renewSession(input:$input){session{id}}}'

export const Logout: Document<LogoutMutation, LogoutMutationVariables> = 'mutation Logout{logout{__typename}}'

export const Acknowledge: Document<AcknowledgeMutation, AcknowledgeMutationVariables> = 'mutation Acknowledge($input:AcknowledgeInput!){acknowledge(input:$input){cursor}}'

export const SendMessage: Document<SendMessageMutation, SendMessageMutationVariables> = /* @__PURE__ */ joined('mutation SendMessage($input:SendMessageInput!){sendMessage(input:$input){message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const EditMessage: Document<EditMessageMutation, EditMessageMutationVariables> = /* @__PURE__ */ joined('mutation EditMessage($input:EditMessageInput!){editMessage(input:$input){message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const RecallMessage: Document<RecallMessageMutation, RecallMessageMutationVariables> = /* @__PURE__ */ joined('mutation RecallMessage($input:RecallMessageInput!){recallMessage(input:$input){message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const AddReaction: Document<AddReactionMutation, AddReactionMutationVariables> = /* @__PURE__ */ joined('mutation AddReaction($input:AddReactionInput!){addReaction(input:$input){message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const RemoveReaction: Document<RemoveReactionMutation, RemoveReactionMutationVariables> = /* @__PURE__ */ joined('mutation RemoveReaction($input:RemoveReactionInput!){removeReaction(input:$input){message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const MarkRead: Document<MarkReadMutation, MarkReadMutationVariables> = 'mutation MarkRead($input:MarkReadInput!){markRead(input:$input){membership{id}}}'

export const SendTyping: Document<SendTypingMutation, SendTypingMutationVariables> = 'mutation SendTyping($input:SendTypingInput!){sendTyping(input:$input){__typename}}'

export const OpenDirectConversation: Document<OpenDirectConversationMutation, OpenDirectConversationMutationVariables> = /* @__PURE__ */ joined('mutation OpenDirectConversation($input:OpenDirectConversationInput!){openDirectConversation(input:$input){conversation{...F6}}}', ListedParts, RowParts, PersonParts, OwnMessageParts, MessageParts, ContentParts, MediaParts)

export const CreateUpload: Document<CreateUploadMutation, CreateUploadMutationVariables> = 'mutation CreateUpload($input:CreateUploadInput!){createUpload(input:$input){ticket{url method headers{name value}media{id}}}}'

export const CompleteUpload: Document<CompleteUploadMutation, CompleteUploadMutationVariables> = 'mutation CompleteUpload($input:CompleteUploadInput!){completeUpload(input:$input){media{id kind status}}}'

export const Friends: Document<FriendsQuery, FriendsQueryVariables> = /* @__PURE__ */ joined('query Friends($after:String){friends(first:100 after:$after){nodes{...F9}pageInfo{hasNextPage endCursor}}}', FriendParts, PersonParts)

export const FriendRequests: Document<FriendRequestsQuery, FriendRequestsQueryVariables> = /* @__PURE__ */ joined('query FriendRequests($direction:FriendRequestDirection!){friendRequests(first:100 direction:$direction){nodes{...F10}}}', FriendRequestParts, PersonParts)

export const JoinRequests: Document<JoinRequestsQuery, JoinRequestsQueryVariables> = /* @__PURE__ */ joined('query JoinRequests($id:ID!){conversation(id:$id){...on GroupConversation{joinRequests(first:100){nodes{...F11}}}}}', JoinRequestParts, PersonParts)

export const Members: Document<MembersQuery, MembersQueryVariables> = /* @__PURE__ */ joined('query Members($id:ID!$first:Int!$after:String){conversation(id:$id){...on GroupConversation{members(first:$first after:$after){nodes{id role nickname joinedAt mutedUntil readSeq user{...F0}}pageInfo{hasNextPage endCursor}}}}}', PersonParts)

export const OnePerson: Document<OnePersonQuery, OnePersonQueryVariables> = /* @__PURE__ */ joined('query OnePerson($id:ID!){user(id:$id){...F0}}', PersonParts)

export const SearchPeople: Document<SearchPeopleQuery, SearchPeopleQueryVariables> = /* @__PURE__ */ joined('query SearchPeople($query:String!){searchUsers(query:$query first:30){nodes{...F0}}}', PersonParts)

export const MediaItems: Document<MediaItemsQuery, MediaItemsQueryVariables> = /* @__PURE__ */ joined('query MediaItems($ids:[ID!]!){nodes(ids:$ids){...on Media{...F1}}}', MediaParts)

export const RequestFriend: Document<RequestFriendMutation, RequestFriendMutationVariables> = 'mutation RequestFriend($input:RequestFriendInput!){requestFriend(input:$input){__typename}}'

export const AcceptFriendRequest: Document<AcceptFriendRequestMutation, AcceptFriendRequestMutationVariables> = 'mutation AcceptFriendRequest($input:AcceptFriendRequestInput!){acceptFriendRequest(input:$input){__typename}}'

export const DeclineFriendRequest: Document<DeclineFriendRequestMutation, DeclineFriendRequestMutationVariables> = 'mutation DeclineFriendRequest($input:DeclineFriendRequestInput!){declineFriendRequest(input:$input){__typename}}'

export const CancelFriendRequest: Document<CancelFriendRequestMutation, CancelFriendRequestMutationVariables> = 'mutation CancelFriendRequest($input:CancelFriendRequestInput!){cancelFriendRequest(input:$input){__typename}}'

export const FirstScreen: Document<FirstScreenQuery, FirstScreenQueryVariables> = /* @__PURE__ */ joined('query FirstScreen($first:Int!){syncCursor me{...F7}conversations(first:$first filter:{includeHidden:true}){nodes{...F6}pageInfo{hasNextPage endCursor}}}', MeParts, PersonParts, ListedParts, RowParts, OwnMessageParts, MessageParts, ContentParts, MediaParts)

export const MoreConversations: Document<MoreConversationsQuery, MoreConversationsQueryVariables> = /* @__PURE__ */ joined('query MoreConversations($first:Int!$after:String){conversations(first:$first after:$after filter:{includeHidden:true}){nodes{...F6}pageInfo{hasNextPage endCursor}}}', ListedParts, RowParts, PersonParts, OwnMessageParts, MessageParts, ContentParts, MediaParts)

export const OneConversation: Document<OneConversationQuery, OneConversationQueryVariables> = /* @__PURE__ */ joined('query OneConversation($id:ID!){conversation(id:$id){...F6}}', ListedParts, RowParts, PersonParts, OwnMessageParts, MessageParts, ContentParts, MediaParts)

export const PullChanges: Document<PullChangesQuery, PullChangesQueryVariables> = /* @__PURE__ */ joined('query PullChanges($since:[ConversationVersionInput!]!$first:Int!){conversationChanges(since:$since first:$first){version hasMore conversation{...F5}messages{...F4}}}', RowParts, PersonParts, OwnMessageParts, MessageParts, ContentParts, MediaParts)

export const HistoryPage: Document<HistoryPageQuery, HistoryPageQueryVariables> = /* @__PURE__ */ joined('query HistoryPage($id:ID!$first:Int$last:Int$beforeSeq:Int$afterSeq:Int$around:Int){conversation(id:$id){id messages(first:$first last:$last beforeSeq:$beforeSeq afterSeq:$afterSeq around:$around){nodes{...F4}}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const OwnReactions: Document<OwnReactionsQuery, OwnReactionsQueryVariables> = /* @__PURE__ */ joined('query OwnReactions($ids:[ID!]!){nodes(ids:$ids){...on Message{...F4}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const SearchMessages: Document<SearchMessagesQuery, SearchMessagesQueryVariables> = /* @__PURE__ */ joined('query SearchMessages($query:String!$filter:MessageSearchFilter$first:Int$after:String){searchMessages(query:$query filter:$filter first:$first after:$after){nodes{message{...F4}}pageInfo{hasNextPage endCursor}}}', OwnMessageParts, MessageParts, PersonParts, ContentParts, MediaParts)

export const Inbox: Document<InboxSubscription, InboxSubscriptionVariables> = /* @__PURE__ */ joined('subscription Inbox($after:SyncCursor$streamId:ID){inbox(after:$after streamId:$streamId){__typename cursor ...on MessagesChanged{conversationId fromVersion version maxSeq messageCount messages{...F3}}...on ConversationSignal{conversationId version maxSeq messageCount}...on ConversationChanged{conversation{...F5 lastMessage{...F4}}}...on ConversationRemoved{conversationId}...on ReceiptsChanged{conversationId userId readSeq deliveredSeq}...on FriendshipChanged{userId friendship{...F9}}...on FriendRequestChanged{friendRequest{...F10}}...on JoinRequestChanged{joinRequest{...F11}}...on MeChanged{me{...F7}}...on UserChanged{user{...F0}}...on Checkpoint{caughtUp}...on ResyncRequired{resyncReason}...on SessionEnded{endReason}}}', MessageParts, PersonParts, ContentParts, MediaParts, RowParts, OwnMessageParts, FriendParts, FriendRequestParts, JoinRequestParts, MeParts)

export const Typing: Document<TypingSubscription, TypingSubscriptionVariables> = /* @__PURE__ */ joined('subscription Typing($conversationId:ID!){typing(conversationId:$conversationId){typing expiresAt user{...F0}}}', PersonParts)

export const Presence: Document<PresenceSubscription, PresenceSubscriptionVariables> = 'subscription Presence($userIds:[ID!]!){presence(userIds:$userIds){id presence{status lastSeenAt}}}'