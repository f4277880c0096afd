import { loadUser } from '../../../account/store.ts'
import { type Context, requireViewer } from '../../../context.ts'
import { visibleConversation } from '../../../conversation/store.ts'
import { lookUpAll } from '../../../platform/loader.ts'
import type { EventBody } from '../../event/body.ts'
import type { ReceiptPosition } from '../receipt-hints.ts'
import type { EventBatch, Source } from './source.ts'

const pendingMax = 512

/** Read positions in small groups, the newest of each member. */
export class GroupReceipts implements Source {
  readonly #ctx: Context
  #positions: Map<string, ReceiptPosition> | null = null

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  add(position: ReceiptPosition): void {
    this.#positions ??= new Map()
    const key = `${position.conversationId} ${position.userId}`
    this.#positions.delete(key)
    this.#positions.set(key, position)
    const [oldest] = this.#positions.keys()
    if (this.#positions.size > pendingMax && oldest !== undefined) this.#positions.delete(oldest)
  }

  next(): Promise<EventBatch> | null {
    if (!this.#positions) return null
    const positions = [...this.#positions.values()]
    this.#positions = null
    return this.#read(positions)
  }

  async #read(positions: ReceiptPosition[]): Promise<EventBatch> {
    return { bodies: await this.#shown(positions), nextPosition: null }
  }

  /** Only for a viewer who is still a member and has receipts enabled. */
  async #shown(positions: ReceiptPosition[]): Promise<EventBody[]> {
    const ctx = this.#ctx
    ctx.loaders.clear()
    const viewer = requireViewer(ctx)
    const viewerRow = await loadUser(ctx, viewer.userId)
    if (!viewerRow?.readReceipts) return []
    const visible = await lookUpAll(positions, ({ conversationId }) =>
      visibleConversation(ctx, viewer, conversationId),
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
