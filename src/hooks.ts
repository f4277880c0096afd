import type { Context, Viewer } from './context.ts'
import type { Sql } from './platform/db/sql.ts'
import { Hooks, type Listening } from './platform/hooks.ts'
import type { Deliveries, Tx } from './transaction.ts'

/** Messages that a transaction stored, declared by the message slice. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging.
export interface StoredMessages {}

/** Run in the transaction of the cause; a listener that throws rolls it back. */
interface InTransaction {
  accountCreated(tx: Tx, account: { userId: string }): Promise<void>
  /** Listeners delete the data of the account. The change is already announced to other users. */
  accountDeleted(tx: Tx, account: { userId: string }): Promise<void>
  /** A sign-in on a device that the account never used before. */
  newDeviceSignedIn(tx: Tx, session: { userId: string; sessionId: string }): Promise<void>
  avatarReleased(tx: Tx, avatar: { mediaId: string }): Promise<void>
  readReceiptsChanged(tx: Tx, account: { userId: string }): Promise<void>
  membersLeft(tx: Tx, group: { groupId: string; userIds: readonly string[] }): Promise<void>
  readAdvanced(tx: Tx, reader: Viewer & { conversationId: string }): Promise<void>
  /** The content of a message was removed; `version` is that of the conversation. */
  messageErased(
    tx: Tx,
    message: { messageId: string; conversationId: string; version: number },
  ): Promise<void>
  /** A moderator recalls the message of another user; its content is still there. */
  moderatorRecalled(
    tx: Tx,
    recall: {
      moderatorId: string
      messageId: string
      conversationId: string
      seq: number
      senderId: string | null
    },
  ): Promise<void>
}

/** Run in the background; the operation does not wait. */
interface Background {
  spamSuspected(
    ctx: Context,
    spam: { userId: string; kind: 'REPEATED_TEXT'; messageId: string; conversations: number },
  ): Promise<void>
}

/** Called after a commit, to update state in memory. */
interface Signals {
  /** Messages were stored. Call it before their numbers are published, so that the streams here need not read them. */
  messagesStored(stored: readonly StoredMessages[]): void
  /** Conversations changed and the outbox was marked; workers need not wait for their next poll. */
  changesMarked(): void
  /** A transaction may have been committed that this process cannot publish, because it lost the connection. */
  outcomeUnknown(): void
  messageSent(message: { userId: string; conversationId: string }): void
  /** Who may see whose presence changed: by a friendship, block or membership. */
  relationsChanged(people: { userIds: readonly string[] }): void
}

/** Questions of an earlier slice that a later slice answers. */
interface Questions {
  /** Reads what conversations have to deliver, so that it can be numbered at once. Requires their locks. */
  deliveriesRead(sql: Sql, conversationIds: string[]): Promise<Deliveries>
  /** Users who get changes of a user’s profile. */
  observersOf(sql: Sql, userId: string): Promise<string[]>
  /** Locks an image until the transaction ends; NOT_FOUND unless the owner uploaded it. Returns the key in its URL. */
  avatarChosen(tx: Tx, avatar: { ownerId: string; mediaId: string }): Promise<string>
  /** Whether the viewer may read a media item that they neither own nor see in a message. */
  mayReadMedia(ctx: Context, mediaId: string): Promise<boolean>
  /** Locks the conversations with messages that contain a media item. Call it before the media item is locked. */
  mediaReferencesLocked(tx: Tx, mediaId: string): Promise<string[]>
  /**
   * Gives the messages that contain a media item new versions. Returns the users who see them; null if another
   * conversation, which is not locked, contains it too.
   */
  mediaReferencesRenewed(
    tx: Tx,
    media: { mediaId: string; locked: readonly string[] },
  ): Promise<string[] | null>
}

type AllHooks = InTransaction & Background & Signals & Questions

export type AppHooks = Hooks<AllHooks>
export type SliceHooks = Listening<AllHooks>
export type Listener<Name extends keyof AllHooks> = AllHooks[Name]

declare module './context.ts' {
  interface Core {
    hooks: AppHooks
  }
}

/** All side effects across slices: the listeners of each hook, in the order in which they run. */
export const createHooks = (): AppHooks =>
  new Hooks<AllHooks>({
    accountCreated: ['webhook'],
    // In the order of locks: users, conversations, then rows of the account alone.
    accountDeleted: ['contact', 'group', 'message', 'notification', 'media', 'presence', 'moderation'],
    newDeviceSignedIn: ['notification'],
    avatarReleased: ['media'],
    readReceiptsChanged: ['inbox'],
    membersLeft: ['notification', 'inbox'],
    readAdvanced: ['inbox', 'notification'],
    messageErased: ['moderation', 'inbox'],
    moderatorRecalled: ['moderation'],
    spamSuspected: ['moderation'],
    messagesStored: ['inbox'],
    changesMarked: ['search'],
    outcomeUnknown: ['inbox'],
    messageSent: ['presence'],
    relationsChanged: ['presence'],
    deliveriesRead: ['inbox'],
    observersOf: ['contact'],
    avatarChosen: ['media'],
    mayReadMedia: ['moderation'],
    mediaReferencesLocked: ['message'],
    mediaReferencesRenewed: ['message'],
  })
