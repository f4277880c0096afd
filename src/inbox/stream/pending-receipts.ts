import { loadUser } from '../../account/store.ts'
import { type Context, requireViewer } from '../../context.ts'
import { visibleConversation } from '../../conversation/store.ts'
import type { EventBody } from '../event/body.ts'
import type { ReceiptPosition } from './receipt-hints.ts'

const pendingMax = 512

/** What one reader has not been told yet of who has read what in small groups; the newest of it. */
export class PendingReceipts {
  #positions: Map<string, ReceiptPosition> | null = null

  get waiting(): boolean {
    return this.#positions !== null
  }

  add(position: ReceiptPosition): void {
    this.#positions ??= new Map()
    const key = `${position.conversationId} ${position.userId}`
    this.#positions.delete(key)
    this.#positions.set(key, position)
    const [oldest] = this.#positions.keys()
    if (this.#positions.size > pendingMax && oldest !== undefined) this.#positions.delete(oldest)
  }

  /** Those that the viewer may know now: still a member, and not hiding their own. */
  async take(ctx: Context): Promise<EventBody[]> {
    const positions = [...(this.#positions?.values() ?? [])]
    this.#positions = null
    ctx.loaders.clear()
    const viewer = requireViewer(ctx)
    const me = await loadUser(ctx, viewer.userId)
    if (!me?.readReceipts) return []
    const visible = await Promise.all(
      positions.map(({ conversationId }) => visibleConversation(ctx, viewer, conversationId)),
    )
    return positions
      .filter((_position, index) => visible[index])
      .map((position) => ({
        type: 'ReceiptsChanged',
        ...position,
        deliveredSeq: position.readSeq,
        share: position,
      }))
  }
}
