import { peerOf } from '../conversation/direct.ts'
import type { Listener } from '../hooks.ts'
import type { InboxHub } from './hub/hub.ts'
import type { ReceiptHints } from './stream/receipt-hints.ts'

/** Changes that were loaded before the erasure are not shared with further streams. */
export const publishErasure =
  (hub: InboxHub): Listener<'messageErased'> =>
  async (tx, { conversationId, version }) =>
    tx.afterCommit(() => hub.contentErased(conversationId, version))

/** Changes that were loaded before a departure are not shared with further streams, also while the bus is late. */
export const forgetFormerMembers =
  (hub: InboxHub): Listener<'membersLeft'> =>
  async (tx, { groupId }) =>
    tx.afterCommit(() => hub.recent.noteDeparture(groupId))

/** In groups only: in a direct conversation the peer's stream has a number for the read position. */
export const publishReadInGroup =
  (receipts: ReceiptHints): Listener<'readAdvanced'> =>
  async (tx, { conversationId, userId }) => {
    if (!peerOf(conversationId, userId))
      tx.afterCommit(() => receipts.positionAdvanced(conversationId, userId))
  }

export const publishReceiptVisibility =
  (receipts: ReceiptHints): Listener<'readReceiptsChanged'> =>
  async (tx, { userId }) =>
    tx.afterCommit(() => receipts.visibilityChanged(userId))
