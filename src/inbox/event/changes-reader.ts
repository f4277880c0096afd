import { type ConversationRow, conversationColumns } from '../../conversation/store.ts'
import { type ChangesRow, type ConversationChanges, toChanges } from '../../message/history/changes.ts'
import { namedMessageColumns } from '../../message/store.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** The changes of one conversation after a version. */
export interface WantedChanges {
  conversationId: string
  fromVersion: number
  /** The settings version of the members that are known; a newer one is read with the changes. */
  membersAt: number
}

export interface ReadChanges extends ConversationChanges {
  /** The members, and the first seq that each may see; null if those that are known are current. */
  visibleFrom: ReadonlyMap<string, number> | null
}

interface Waiting extends WantedChanges {
  resolve: (changes: ReadChanges | null) => void
  reject: (error: unknown) => void
}

export const messagesMax = 100
const wantedMax = 50
const readsMax = 2

// One statement and one snapshot for all conversations; each lookup uses its index whatever the statistics say. Members
// of a SIGNAL conversation are not listed: its readers are checked one by one.
const changesOfMany = `
  select k.place::integer as place, c.*
  from unnest($1::text[], $2::integer[], $3::integer[])
    with ordinality as k (conversation_id, from_version, members_at, place)
  cross join lateral (
    select ${conversationColumns},
      coalesce((select json_agg(page order by page.version) from (
        select ${namedMessageColumns} from message s
        where s.conversation_id = c.id and s.version > k.from_version
        order by s.version limit ${messagesMax + 1}
      ) page), '[]') as messages,
      case when c.delivery_mode <> 'SIGNAL' and c.revision > k.members_at then
        (select coalesce(json_agg(json_build_array(m.user_id, m.visible_from_seq)), '[]') from membership m
         where m.conversation_id = c.id)
      end as members
    from conversation c where c.id = k.conversation_id limit 1
  ) c`

type ManyRow = ConversationRow & ChangesRow & { place: number; members: [string, number][] | null }

/** Reads the changes that all streams want in one turn of the event loop, or while earlier reads run, in one statement. */
export class ChangesReader {
  readonly #sql: Sql
  #waiting: Waiting[] = []
  #reads = 0
  #isScheduled = false

  constructor(sql: Sql) {
    this.#sql = sql
  }

  read(wanted: WantedChanges): Promise<ReadChanges | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...wanted, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0 || this.#reads === readsMax) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#reads += 1
      void this.#readMany(this.#waiting.splice(0, wantedMax)).finally(() => {
        this.#reads -= 1
        this.#schedule()
      })
      this.#schedule()
    })
  }

  async #readMany(wanted: Waiting[]): Promise<void> {
    try {
      const rows = await this.#sql.query<ManyRow>(changesOfMany, [
        wanted.map((each) => each.conversationId),
        wanted.map((each) => each.fromVersion),
        wanted.map((each) => each.membersAt),
      ])
      const found = new Map(rows.map(({ place, ...row }) => [place, row]))
      wanted.forEach(({ resolve }, index) => {
        const row = found.get(index + 1)
        resolve(row ? toRead(row) : null)
      })
    } catch (error) {
      for (const { reject } of wanted) reject(error)
    }
  }
}

function toRead({ members, ...row }: Omit<ManyRow, 'place'>): ReadChanges {
  return { ...toChanges(row, messagesMax), visibleFrom: members && new Map(members) }
}
