import type { Services } from '../../context.ts'
import type { BusMessage } from '../../platform/bus/bus.ts'

/** Read position of a member of a small group; 0 if hidden. */
export interface ReceiptPosition {
  conversationId: string
  userId: string
  readSeq: number
}

/** Published per group: the members who read, their positions, and the members who may see them. */
export interface ReceiptUpdate extends BusMessage {
  conversationId: string
  userIds: string[]
  readSeqs: number[]
  to: string[]
}

export const positionsIn = ({ conversationId, userIds, readSeqs }: ReceiptUpdate): ReceiptPosition[] =>
  userIds.map((userId, index) => ({ conversationId, userId, readSeq: readSeqs[index] ?? 0 }))

export const receiptsTopic = 'receipts'

/** Positions of one group within this time are published once. */
const collectMs = 500

interface Reader {
  conversationId: string
  userId: string
  /** Receipts were enabled or disabled, so the position that others see changes without a read. */
  visibilityChanged: boolean
}

// A member with receipts disabled is published once, as hidden, and receives no positions of others.
const updatesOf = `
  with reader as (
    select * from unnest($1::text[], $2::text[], $3::boolean[]) as k (conversation_id, user_id, visibility_changed)
  ), position as (
    select m.conversation_id, m.user_id, case when u.read_receipts then m.read_seq else 0 end as read_seq
    from reader k
    join conversation c on c.id = k.conversation_id and c.kind = 'GROUP' and c.member_count <= $4
    join membership m on m.conversation_id = c.id and m.user_id = k.user_id
    join "user" u on u.id = m.user_id and (u.read_receipts or k.visibility_changed)
  )
  select p.conversation_id as "conversationId", array_agg(p.user_id) as "userIds", array_agg(p.read_seq) as "readSeqs",
         (select coalesce(array_agg(m.user_id), '{}') from membership m join "user" u on u.id = m.user_id and u.read_receipts
          where m.conversation_id = p.conversation_id) as "to"
  from position p group by p.conversation_id`

const groupsOf = `
  select m.conversation_id as id from membership m join conversation c on c.id = m.conversation_id
  where m.user_id = $1 and c.kind = 'GROUP' and c.member_count <= $2`

/**
 * Collects read positions in small groups and publishes them to the other members. They are not stored per member: a
 * client that misses one can query `readSeq` or `readBy`.
 */
export class ReceiptHints {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>
  readonly #readers = new Map<string, Reader>()
  #timer: NodeJS.Timeout | null = null

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>) {
    this.#services = services
  }

  /** A member's read position in a group advanced. */
  positionAdvanced(conversationId: string, userId: string): void {
    this.#note({ conversationId, userId, visibilityChanged: false })
  }

  /** A user enabled or disabled receipts. */
  visibilityChanged(userId: string): void {
    const { sql, config, log } = this.#services
    sql
      .query<{ id: string }>(groupsOf, [userId, config.limits.receiptGroupSize])
      .then((groups) => {
        for (const { id } of groups) this.#note({ conversationId: id, userId, visibilityChanged: true })
      })
      .catch((error) => log.warn({ err: error }, 'read receipt groups unreadable, change not published'))
  }

  #note(reader: Reader): void {
    const key = `${reader.conversationId} ${reader.userId}`
    this.#readers.set(key, {
      ...reader,
      visibilityChanged: reader.visibilityChanged || (this.#readers.get(key)?.visibilityChanged ?? false),
    })
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#publish().catch((error) =>
        this.#services.log.warn({ err: error }, 'read positions not published'),
      )
    }, collectMs)
  }

  async #publish(): Promise<void> {
    const { sql, bus, config } = this.#services
    const readers = [...this.#readers.values()]
    this.#readers.clear()
    const updates = await sql.query<ReceiptUpdate>(updatesOf, [
      readers.map((reader) => reader.conversationId),
      readers.map((reader) => reader.userId),
      readers.map((reader) => reader.visibilityChanged),
      config.limits.receiptGroupSize,
    ])
    for (const each of updates) bus.publish(receiptsTopic, each)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }
}
