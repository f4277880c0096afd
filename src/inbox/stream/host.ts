import type { ConversationRow } from '../../conversation/store.ts'
import type { AcknowledgementWatch } from '../acknowledge/watch.ts'
import type { RecentChanges } from '../event/recent-changes.ts'

/** What a stream needs of the process it runs in. */
export interface StreamHost<Stream> {
  recent: RecentChanges
  /** Hears what was told, and may want it told again. */
  watch: AcknowledgementWatch
  follow(stream: Stream, conversationId: string, conversation: ConversationRow | null): Promise<void>
  detach(stream: Stream): void
}
