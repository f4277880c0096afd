/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment Row on Conversation {\n    id\n    version\n    title\n    lastActivityAt\n    membership {\n      id\n      readSeq\n      unreadCount\n      pinned\n      hidden\n    }\n  }\n\n  fragment Bubble on Message {\n    id\n    seq\n    version\n    plainText\n    sender {\n      id\n      displayName\n    }\n  }\n\n  fragment Viewer on Me {\n    id\n    unreadCount\n    user {\n      id\n      displayName\n    }\n  }\n": typeof types.RowFragmentDoc,
    "\n  query First {\n    syncCursor\n    me {\n      ...Viewer\n    }\n    conversations(first: 30) {\n      nodes {\n        ...Row\n      }\n    }\n  }\n": typeof types.FirstDocument,
    "\n  query History($id: ID!) {\n    conversation(id: $id) {\n      id\n      version\n      messages(last: 50) {\n        nodes {\n          ...Bubble\n        }\n      }\n    }\n  }\n": typeof types.HistoryDocument,
    "\n  mutation Send($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n": typeof types.SendDocument,
    "\n  mutation Read($input: MarkReadInput!) {\n    markRead(input: $input) {\n      membership {\n        id\n      }\n    }\n  }\n": typeof types.ReadDocument,
    "\n  subscription Inbox($after: SyncCursor, $streamId: ID) {\n    inbox(after: $after, streamId: $streamId) {\n      __typename\n      cursor\n      ... on MessagesChanged {\n        fromVersion\n        version\n        conversation {\n          ...Row\n        }\n        messages {\n          ...Bubble\n        }\n      }\n      ... on ConversationSignal {\n        conversationId\n        version\n      }\n      ... on ConversationChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on ConversationRemoved {\n        conversationId\n      }\n      ... on ReceiptsChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on MeChanged {\n        me {\n          ...Viewer\n        }\n      }\n      ... on SessionEnded {\n        endReason\n      }\n    }\n  }\n": typeof types.InboxDocument,
    "\n  query Changes($since: [ConversationVersionInput!]!) {\n    conversationChanges(since: $since) {\n      version\n      hasMore\n      conversation {\n        ...Row\n      }\n      messages {\n        ...Bubble\n      }\n    }\n  }\n": typeof types.ChangesDocument,
};
const documents: Documents = {
    "\n  fragment Row on Conversation {\n    id\n    version\n    title\n    lastActivityAt\n    membership {\n      id\n      readSeq\n      unreadCount\n      pinned\n      hidden\n    }\n  }\n\n  fragment Bubble on Message {\n    id\n    seq\n    version\n    plainText\n    sender {\n      id\n      displayName\n    }\n  }\n\n  fragment Viewer on Me {\n    id\n    unreadCount\n    user {\n      id\n      displayName\n    }\n  }\n": types.RowFragmentDoc,
    "\n  query First {\n    syncCursor\n    me {\n      ...Viewer\n    }\n    conversations(first: 30) {\n      nodes {\n        ...Row\n      }\n    }\n  }\n": types.FirstDocument,
    "\n  query History($id: ID!) {\n    conversation(id: $id) {\n      id\n      version\n      messages(last: 50) {\n        nodes {\n          ...Bubble\n        }\n      }\n    }\n  }\n": types.HistoryDocument,
    "\n  mutation Send($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n": types.SendDocument,
    "\n  mutation Read($input: MarkReadInput!) {\n    markRead(input: $input) {\n      membership {\n        id\n      }\n    }\n  }\n": types.ReadDocument,
    "\n  subscription Inbox($after: SyncCursor, $streamId: ID) {\n    inbox(after: $after, streamId: $streamId) {\n      __typename\n      cursor\n      ... on MessagesChanged {\n        fromVersion\n        version\n        conversation {\n          ...Row\n        }\n        messages {\n          ...Bubble\n        }\n      }\n      ... on ConversationSignal {\n        conversationId\n        version\n      }\n      ... on ConversationChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on ConversationRemoved {\n        conversationId\n      }\n      ... on ReceiptsChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on MeChanged {\n        me {\n          ...Viewer\n        }\n      }\n      ... on SessionEnded {\n        endReason\n      }\n    }\n  }\n": types.InboxDocument,
    "\n  query Changes($since: [ConversationVersionInput!]!) {\n    conversationChanges(since: $since) {\n      version\n      hasMore\n      conversation {\n        ...Row\n      }\n      messages {\n        ...Bubble\n      }\n    }\n  }\n": types.ChangesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Row on Conversation {\n    id\n    version\n    title\n    lastActivityAt\n    membership {\n      id\n      readSeq\n      unreadCount\n      pinned\n      hidden\n    }\n  }\n\n  fragment Bubble on Message {\n    id\n    seq\n    version\n    plainText\n    sender {\n      id\n      displayName\n    }\n  }\n\n  fragment Viewer on Me {\n    id\n    unreadCount\n    user {\n      id\n      displayName\n    }\n  }\n"): (typeof documents)["\n  fragment Row on Conversation {\n    id\n    version\n    title\n    lastActivityAt\n    membership {\n      id\n      readSeq\n      unreadCount\n      pinned\n      hidden\n    }\n  }\n\n  fragment Bubble on Message {\n    id\n    seq\n    version\n    plainText\n    sender {\n      id\n      displayName\n    }\n  }\n\n  fragment Viewer on Me {\n    id\n    unreadCount\n    user {\n      id\n      displayName\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query First {\n    syncCursor\n    me {\n      ...Viewer\n    }\n    conversations(first: 30) {\n      nodes {\n        ...Row\n      }\n    }\n  }\n"): (typeof documents)["\n  query First {\n    syncCursor\n    me {\n      ...Viewer\n    }\n    conversations(first: 30) {\n      nodes {\n        ...Row\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query History($id: ID!) {\n    conversation(id: $id) {\n      id\n      version\n      messages(last: 50) {\n        nodes {\n          ...Bubble\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query History($id: ID!) {\n    conversation(id: $id) {\n      id\n      version\n      messages(last: 50) {\n        nodes {\n          ...Bubble\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Send($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Send($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Read($input: MarkReadInput!) {\n    markRead(input: $input) {\n      membership {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Read($input: MarkReadInput!) {\n    markRead(input: $input) {\n      membership {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Inbox($after: SyncCursor, $streamId: ID) {\n    inbox(after: $after, streamId: $streamId) {\n      __typename\n      cursor\n      ... on MessagesChanged {\n        fromVersion\n        version\n        conversation {\n          ...Row\n        }\n        messages {\n          ...Bubble\n        }\n      }\n      ... on ConversationSignal {\n        conversationId\n        version\n      }\n      ... on ConversationChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on ConversationRemoved {\n        conversationId\n      }\n      ... on ReceiptsChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on MeChanged {\n        me {\n          ...Viewer\n        }\n      }\n      ... on SessionEnded {\n        endReason\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription Inbox($after: SyncCursor, $streamId: ID) {\n    inbox(after: $after, streamId: $streamId) {\n      __typename\n      cursor\n      ... on MessagesChanged {\n        fromVersion\n        version\n        conversation {\n          ...Row\n        }\n        messages {\n          ...Bubble\n        }\n      }\n      ... on ConversationSignal {\n        conversationId\n        version\n      }\n      ... on ConversationChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on ConversationRemoved {\n        conversationId\n      }\n      ... on ReceiptsChanged {\n        conversation {\n          ...Row\n        }\n      }\n      ... on MeChanged {\n        me {\n          ...Viewer\n        }\n      }\n      ... on SessionEnded {\n        endReason\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Changes($since: [ConversationVersionInput!]!) {\n    conversationChanges(since: $since) {\n      version\n      hasMore\n      conversation {\n        ...Row\n      }\n      messages {\n        ...Bubble\n      }\n    }\n  }\n"): (typeof documents)["\n  query Changes($since: [ConversationVersionInput!]!) {\n    conversationChanges(since: $since) {\n      version\n      hasMore\n      conversation {\n        ...Row\n      }\n      messages {\n        ...Bubble\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;