import type { Context, Viewer } from './context.ts'
import type { Sql } from './platform/db/sql.ts'
import { Hooks, type Listening } from './platform/hooks.ts'
import type { Change, Tx } from './transaction.ts'

/** Run in the transaction of the cause: a listener that throws undoes it. */
interface InTransaction {
  accountCreated(tx: Tx, account: { userId: string }): Promise<void>
  /** Removes what is kept of the account; the announcement to others has been made. */
  accountDeleted(tx: Tx, account: { userId: string }): Promise<void>
  /** A sign-in on a device that the account has not used before. */
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

/** Run behind the operation, which does not wait for them. */
interface Behind {
  spamSuspected(
    ctx: Context,
    spam: { userId: string; kind: 'REPEATED_TEXT'; messageId: string; conversations: number },
  ): Promise<void>
}

/** Called after a commit, or without one: what is in memory follows. */
interface Signals {
  /** Changes of conversations were marked for delivery: look now rather than at the next tick. */
  changesMarked(): void
  messageSent(message: { userId: string; conversationId: string }): void
  /** Who may see whom has changed: a friendship, a block, a membership. */
  relationsChanged(people: { userIds: readonly string[] }): void
}

/** An earlier slice needs an answer that only a later slice has. */
interface Questions {
  /** Numbers changes as the last step of a transaction; the answer publishes them, after the commit. */
  changesAnnounced(sql: Sql, changes: Change[]): Promise<() => void>
  /** Users who see a user and get changes of their profile. */
  observersOf(sql: Sql, userId: string): Promise<string[]>
  /** Holds an image until the transaction ends; NOT_FOUND unless it is the owner's. The answer is the key of its URL. */
  avatarChosen(tx: Tx, avatar: { ownerId: string; mediaId: string }): Promise<string>
  /** Whether the viewer may read a media item that is neither theirs nor in a message that they may read. */
  mayReadMedia(ctx: Context, mediaId: string): Promise<boolean>
  /** Locks the conversations whose messages hold a media item; call it before the media item is locked. */
  mediaReferencesLocked(tx: Tx, mediaId: string): Promise<string[]>
  /**
   * Moves the messages that hold a media item to new versions. The answer is who sees them, or null when a conversation
   * that is not locked holds it too.
   */
  mediaReferencesRenewed(
    tx: Tx,
    media: { mediaId: string; locked: readonly string[] },
  ): Promise<string[] | null>
}

type AllHooks = InTransaction & Behind & Signals & Questions

export type AppHooks = Hooks<AllHooks>
export type SliceHooks = Listening<AllHooks>
export type Listener<Name extends keyof AllHooks> = AllHooks[Name]

declare module './context.ts' {
  interface Core {
    hooks: AppHooks
  }
}

/** The map of side effects: which slices listen to what, in the order in which they run. */
export const createHooks = (): AppHooks =>
  new Hooks<AllHooks>({
    accountCreated: ['webhook'],
    // The order of the locks: users, conversations, then what belongs to the account alone.
    accountDeleted: ['contact', 'group', 'notification', 'media', 'presence'],
    newDeviceSignedIn: ['notification'],
    avatarReleased: ['media'],
    readReceiptsChanged: ['inbox'],
    membersLeft: ['notification'],
    readAdvanced: ['inbox', 'notification'],
    messageErased: ['moderation', 'inbox'],
    moderatorRecalled: ['moderation'],
    spamSuspected: ['moderation'],
    changesMarked: ['inbox', 'search'],
    messageSent: ['presence'],
    relationsChanged: ['presence'],
    changesAnnounced: ['inbox'],
    observersOf: ['contact'],
    avatarChosen: ['media'],
    mayReadMedia: ['moderation'],
    mediaReferencesLocked: ['message'],
    mediaReferencesRenewed: ['message'],
  })
