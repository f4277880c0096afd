import type { ConversationRow } from '../../conversation/store.ts'
import type { RecentChanges } from '../event/recent-changes.ts'

/** The part of the hub that a stream uses. */
export interface StreamHost<Stream> {
  recent: RecentChanges
  follow(stream: Stream, conversationId: string, conversation: ConversationRow | null): Promise<void>
  detach(stream: Stream): void
}
