import type { ConversationRow } from '../../conversation/store.ts'
import type { AcknowledgementWatch } from '../acknowledge/watch.ts'
import type { RecentChanges } from '../event/recent-changes.ts'

/** The part of the hub that a stream uses. */
export interface StreamHost<Stream> {
  recent: RecentChanges
  /** Records what is delivered, for redelivery. */
  watch: AcknowledgementWatch
  follow(stream: Stream, conversationId: string, conversation: ConversationRow | null): Promise<void>
  detach(stream: Stream): void
}
