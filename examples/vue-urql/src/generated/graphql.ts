/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Version of a conversation that a client holds. */
export type ConversationVersionInput = {
  /** Version that the client holds; 0 for none. */
  readonly afterVersion: number;
  /** The id of the conversation. */
  readonly conversationId: string | number;
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

/** Input of `markRead`. */
export type MarkReadInput = {
  /** The id of the conversation. */
  readonly conversationId: string | number;
  /** Number of the last message that the viewer has read. */
  readonly readSeq: number;
};

/** A media item with an optional caption. */
export type MediaContentInput = {
  /** Caption, at most serverInfo.limits.textLength code points. */
  readonly caption?: string | null | undefined;
  /** A completed upload of the viewer; it may still be PROCESSING. */
  readonly mediaId: string | number;
};

/** Mention of all members of the conversation. */
export type MentionAllInput = {
  /** Text to show, such as @全体成员; 1 to 128 code points. */
  readonly displayText: string;
};

/** Mention of a user. */
export type MentionInput = {
  /** Text to show, such as @张经理; 1 to 128 code points. */
  readonly displayText: string;
  /** The mentioned user; must be a member of the conversation. */
  readonly userId: string | number;
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
  readonly conversationId: string | number;
  /** Number of the quoted message, in the same conversation. */
  readonly quoteSeq?: number | null | undefined;
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

type Row_DirectConversation_Fragment = { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } };

type Row_GroupConversation_Fragment = { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } };

export type RowFragment =
  | Row_DirectConversation_Fragment
  | Row_GroupConversation_Fragment
;

export type BubbleFragment = { readonly id: string, readonly seq: number, readonly version: number, readonly plainText: string, readonly sender: { readonly id: string, readonly displayName: string } | null };

export type ViewerFragment = { readonly id: string, readonly unreadCount: number, readonly user: { readonly id: string, readonly displayName: string } };

export type FirstQueryVariables = Exact<{ [key: string]: never; }>;


export type FirstQuery = { readonly syncCursor: string, readonly me: { readonly id: string, readonly unreadCount: number, readonly user: { readonly id: string, readonly displayName: string } }, readonly conversations: { readonly nodes: ReadonlyArray<
      | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
      | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
    > } };

export type HistoryQueryVariables = Exact<{
  id: string | number;
}>;


export type HistoryQuery = { readonly conversation:
    | { readonly id: string, readonly version: number, readonly messages: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly version: number, readonly plainText: string, readonly sender: { readonly id: string, readonly displayName: string } | null }> } }
    | { readonly id: string, readonly version: number, readonly messages: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly version: number, readonly plainText: string, readonly sender: { readonly id: string, readonly displayName: string } | null }> } }
   | null };

export type SendMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMutation = { readonly sendMessage: { readonly message: { readonly id: string } } | null };

export type ReadMutationVariables = Exact<{
  input: MarkReadInput;
}>;


export type ReadMutation = { readonly markRead: { readonly membership: { readonly id: string } } | null };

export type InboxSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  streamId?: string | number | null | undefined;
}>;


export type InboxSubscription = { readonly inbox:
    | { readonly __typename: 'Checkpoint', readonly cursor: string }
    | { readonly __typename: 'ConversationChanged', readonly cursor: string, readonly conversation:
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
       }
    | { readonly __typename: 'ConversationRemoved', readonly conversationId: string, readonly cursor: string }
    | { readonly __typename: 'ConversationSignal', readonly conversationId: string, readonly version: number, readonly cursor: string }
    | { readonly __typename: 'FriendRequestChanged', readonly cursor: string }
    | { readonly __typename: 'FriendshipChanged', readonly cursor: string }
    | { readonly __typename: 'JoinRequestChanged', readonly cursor: string }
    | { readonly __typename: 'MeChanged', readonly cursor: string, readonly me: { readonly id: string, readonly unreadCount: number, readonly user: { readonly id: string, readonly displayName: string } } }
    | { readonly __typename: 'MediaChanged', readonly cursor: string }
    | { readonly __typename: 'MessagesChanged', readonly fromVersion: number, readonly version: number, readonly cursor: string, readonly conversation:
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
      , readonly messages: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly version: number, readonly plainText: string, readonly sender: { readonly id: string, readonly displayName: string } | null }> }
    | { readonly __typename: 'ReceiptsChanged', readonly cursor: string, readonly conversation:
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
        | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
       }
    | { readonly __typename: 'ResyncRequired', readonly cursor: string }
    | { readonly __typename: 'SessionEnded', readonly endReason: SessionEndReason, readonly cursor: string }
    | { readonly __typename: 'SessionExpiring', readonly cursor: string }
    | { readonly __typename: 'UserChanged', readonly cursor: string }
   };

export type ChangesQueryVariables = Exact<{
  since: ReadonlyArray<ConversationVersionInput> | ConversationVersionInput;
}>;


export type ChangesQuery = { readonly conversationChanges: ReadonlyArray<{ readonly version: number, readonly hasMore: boolean, readonly conversation:
      | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
      | { readonly id: string, readonly version: number, readonly title: string, readonly lastActivityAt: string, readonly membership: { readonly id: string, readonly readSeq: number, readonly unreadCount: number, readonly pinned: boolean, readonly hidden: boolean } }
    , readonly messages: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly version: number, readonly plainText: string, readonly sender: { readonly id: string, readonly displayName: string } | null }> }> };

export const RowFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Row"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Conversation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"readSeq"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"pinned"}},{"kind":"Field","name":{"kind":"Name","value":"hidden"}}]}}]}}]} as unknown as DocumentNode<RowFragment, unknown>;
export const BubbleFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Bubble"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"seq"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"plainText"}},{"kind":"Field","name":{"kind":"Name","value":"sender"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<BubbleFragment, unknown>;
export const ViewerFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Viewer"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Me"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<ViewerFragment, unknown>;
export const FirstDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"First"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"syncCursor"}},{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Viewer"}}]}},{"kind":"Field","name":{"kind":"Name","value":"conversations"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"30"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Row"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Viewer"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Me"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Row"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Conversation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"readSeq"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"pinned"}},{"kind":"Field","name":{"kind":"Name","value":"hidden"}}]}}]}}]} as unknown as DocumentNode<FirstQuery, FirstQueryVariables>;
export const HistoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"History"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversation"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Bubble"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Bubble"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"seq"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"plainText"}},{"kind":"Field","name":{"kind":"Name","value":"sender"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<HistoryQuery, HistoryQueryVariables>;
export const SendDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Send"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendMessageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<SendMutation, SendMutationVariables>;
export const ReadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Read"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MarkReadInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"markRead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<ReadMutation, ReadMutationVariables>;
export const InboxDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Inbox"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SyncCursor"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inbox"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"streamId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"streamId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessagesChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromVersion"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"conversation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Row"}}]}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Bubble"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationSignal"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Row"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationRemoved"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ReceiptsChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Row"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MeChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Viewer"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endReason"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Row"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Conversation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"readSeq"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"pinned"}},{"kind":"Field","name":{"kind":"Name","value":"hidden"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Bubble"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"seq"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"plainText"}},{"kind":"Field","name":{"kind":"Name","value":"sender"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Viewer"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Me"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<InboxSubscription, InboxSubscriptionVariables>;
export const ChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Changes"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"since"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ConversationVersionInput"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"conversationChanges"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"since"},"value":{"kind":"Variable","name":{"kind":"Name","value":"since"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"hasMore"}},{"kind":"Field","name":{"kind":"Name","value":"conversation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Row"}}]}},{"kind":"Field","name":{"kind":"Name","value":"messages"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Bubble"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Row"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Conversation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"membership"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"readSeq"}},{"kind":"Field","name":{"kind":"Name","value":"unreadCount"}},{"kind":"Field","name":{"kind":"Name","value":"pinned"}},{"kind":"Field","name":{"kind":"Name","value":"hidden"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Bubble"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"seq"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"plainText"}},{"kind":"Field","name":{"kind":"Name","value":"sender"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}}]}}]} as unknown as DocumentNode<ChangesQuery, ChangesQueryVariables>;