import type { Services } from '../../context.ts'
import type { BusMessage } from '../../platform/bus/bus.ts'

/** How far a member of a small group has read; 0 is hidden. */
export interface ReceiptPosition {
  conversationId: string
  userId: string
  readSeq: number
}

/** What a process tells the others about one group: the readers, how far each has read, and who may know. */
export interface ReceiptUpdate extends BusMessage {
  conversationId: string
  userIds: string[]
  readSeqs: number[]
  to: string[]
}

export const positionsIn = ({ conversationId, userIds, readSeqs }: ReceiptUpdate): ReceiptPosition[] =>
  userIds.map((userId, index) => ({ conversationId, userId, readSeq: readSeqs[index] ?? 0 }))

export const receiptsTopic = 'receipts'

/** News of one group within this time is told once. */
const gatherMs = 500

interface Reader {
  conversationId: string
  userId: string
  /** Receipts were turned: what the others hold is wrong even if nothing was read. */
  turned: boolean
}

// Whoever hides what they read is told of to nobody, except that they hide it now; and is told nothing.
const newsOf = `
  with reader as (
    select * from unnest($1::text[], $2::text[], $3::boolean[]) as k (conversation_id, user_id, turned)
  ), position as (
    select m.conversation_id, m.user_id, case when u.read_receipts then m.read_seq else 0 end as read_seq
    from reader k
    join conversation c on c.id = k.conversation_id and c.kind = 'GROUP' and c.member_count <= $4
    join membership m on m.conversation_id = c.id and m.user_id = k.user_id
    join "user" u on u.id = m.user_id and (u.read_receipts or k.turned)
  )
  select p.conversation_id as "conversationId", array_agg(p.user_id) as "userIds", array_agg(p.read_seq) as "readSeqs",
         (select coalesce(array_agg(m.user_id), '{}') from membership m join "user" u on u.id = m.user_id and u.read_receipts
          where m.conversation_id = p.conversation_id) as "to"
  from position p group by p.conversation_id`

const groupsOf = `
  select m.conversation_id as id from membership m join conversation c on c.id = m.conversation_id
  where m.user_id = $1 and c.kind = 'GROUP' and c.member_count <= $2`

/**
 * Gathers who has read on in small groups and tells the other members. Nothing of it is stored for them: it is an
 * indication that a client may miss, while readSeq and readBy are there to be asked.
 */
export class ReceiptHints {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>
  readonly #readers = new Map<string, Reader>()
  #timer: NodeJS.Timeout | null = null

  constructor(services: Pick<Services, 'sql' | 'bus' | 'log' | 'config'>) {
    this.#services = services
  }

  /** Somebody read on in a group. */
  moved(conversationId: string, userId: string): void {
    this.#note({ conversationId, userId, turned: false })
  }

  /** Somebody began to hide or to show what they read. */
  turned(userId: string): void {
    const { sql, config, log } = this.#services
    sql
      .query<{ id: string }>(groupsOf, [userId, config.limits.receiptGroupSize])
      .then((groups) => {
        for (const { id } of groups) this.#note({ conversationId: id, userId, turned: true })
      })
      .catch((error) => log.warn({ err: error }, 'the groups of a reader could not be told'))
  }

  #note(reader: Reader): void {
    const key = `${reader.conversationId} ${reader.userId}`
    this.#readers.set(key, { ...reader, turned: reader.turned || (this.#readers.get(key)?.turned ?? false) })
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#tell().catch((error) =>
        this.#services.log.warn({ err: error }, 'read positions could not be told'),
      )
    }, gatherMs)
  }

  async #tell(): Promise<void> {
    const { sql, bus, config } = this.#services
    const readers = [...this.#readers.values()]
    this.#readers.clear()
    const news = await sql.query<ReceiptUpdate>(newsOf, [
      readers.map((reader) => reader.conversationId),
      readers.map((reader) => reader.userId),
      readers.map((reader) => reader.turned),
      config.limits.receiptGroupSize,
    ])
    for (const each of news) bus.publish(receiptsTopic, each)
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer)
  }
}
