import type { Message } from '@parlance/client'

/** What is open above a conversation. */
export type OpenDialog =
  | { type: 'report' | 'info'; message: Message }
  | { type: 'forward'; seqs: readonly number[] }
  | { type: 'files'; files: readonly File[] }
  | { type: 'pins' | 'announcements' | 'search' | 'details' }
