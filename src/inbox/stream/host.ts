import type { ConversationRow } from '../../conversation/store.ts'
import type { AcknowledgementWatch } from '../acknowledge/watch.ts'
import type { RecentChanges } from '../event/recent-changes.ts'
import type { Head } from '../snapshot.ts'
import type { InboxStream } from './stream.ts'

/** What a stream needs of the process it runs in. */
export interface StreamHost {
  recent: RecentChanges
  /** Hears what was told, and may want it told again. */
  watch: AcknowledgementWatch
  follow(stream: InboxStream, conversationId: string, conversation: ConversationRow | null): Promise<void>
  detach(stream: InboxStream): void
}

/** News of one subject, with its number in the stream. */
export interface Hint {
  streamSeq: number
  history: string
  kind: string
  subjectId: string
  removed: boolean
  from: number
  to: number
}

/** The head of the stream at some moment, and what holds once it is reached. */
export interface Check extends Head {
  share: object
  /** Whether a Checkpoint is to be told when nothing is missing. */
  isDue: boolean
}
