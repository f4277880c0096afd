import { peerOf } from '../conversation/direct.ts'
import type { Listener } from '../hooks.ts'
import type { InboxHub } from './hub/hub.ts'
import type { ReceiptHints } from './stream/receipt-hints.ts'

/** Streams stop sharing what was loaded before the erasure. */
export const noteErased =
  (hub: InboxHub): Listener<'messageErased'> =>
  async (tx, { conversationId, version }) =>
    tx.afterCommit(() => hub.outdated(conversationId, version))

/** In a direct conversation the peer's own stream carries the read position; in a group, hints do. */
export const noteReadInGroup =
  (receipts: ReceiptHints): Listener<'readAdvanced'> =>
  async (tx, { conversationId, userId }) => {
    if (!peerOf(conversationId, userId)) tx.afterCommit(() => receipts.moved(conversationId, userId))
  }

export const noteReceiptsChanged =
  (receipts: ReceiptHints): Listener<'readReceiptsChanged'> =>
  async (tx, { userId }) =>
    tx.afterCommit(() => receipts.turned(userId))
