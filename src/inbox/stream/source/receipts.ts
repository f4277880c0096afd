import { loadUser } from '../../../account/store.ts'
import { type Context, requireViewer } from '../../../context.ts'
import { visibleConversation } from '../../../conversation/store.ts'
import type { EventBody } from '../../event/body.ts'
import type { ReceiptPosition } from '../receipt-hints.ts'
import type { EventBatch, Source } from './source.ts'

const pendingMax = 512

/** Who has read what in small groups: the newest that the reader was not told of yet. */
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

  due(): boolean {
    return this.#positions !== null
  }

  async next(): Promise<EventBatch> {
    const positions = [...(this.#positions?.values() ?? [])]
    this.#positions = null
    return { bodies: await this.#shown(positions), nextPosition: null }
  }

  /** Those that the viewer may know now: still a member, and not hiding their own. */
  async #shown(positions: ReceiptPosition[]): Promise<EventBody[]> {
    const ctx = this.#ctx
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
