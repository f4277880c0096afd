import type pg from 'pg'
import type { Logger } from 'pino'
import type { Bus } from '../platform/bus/bus.ts'
import { poolSql, type Sql } from '../platform/db/sql.ts'
import type { Metrics } from '../platform/metrics.ts'
import { announce, type Change, type NumberedChange, publishChanges } from '../platform/outbox/announce.ts'

/** Gives every member of a changed conversation the next number of their stream, and wakes the readers. */
export interface FanOut {
  /** There is something to deliver now. */
  wake(): void
  close(): Promise<void>
}

export const conversationTopic = (conversationId: string) => `conversation:${conversationId}`

/** A conversation in hand: how far it was delivered, and how far it has come since. */
interface Due {
  conversationId: string
  kind: 'DIRECT' | 'GROUP'
  mode: 'DIRECT' | 'SIGNAL'
  deliveredMode: 'DIRECT' | 'SIGNAL'
  version: number
  deliveredVersion: number
  revision: number
  deliveredRevision: number
  maxSeq: number
  deliveredMaxSeq: number
  messageCount: number
  /** Since the newest message was sent. */
  ageSeconds: number
  /** Delivered some time ago, but the mark is still there: its worker died before the readers were told. */
  abandoned: boolean
}

const batchMax = 50
const pollMs = 1_000
/** A worker of another process is between its delivery and its clearing of the marks. */
const lookAgainMs = 50

const claim = `
  select d.conversation_id as "conversationId", c.kind::text as kind, c.delivery_mode::text as mode, d.delivery_mode::text as "deliveredMode",
         c.version, d.version as "deliveredVersion", c.revision, d.revision as "deliveredRevision",
         c.max_seq as "maxSeq", d.max_seq as "deliveredMaxSeq", c.message_count as "messageCount",
         extract(epoch from clock_timestamp() - c.last_activity_at)::float8 as "ageSeconds",
         d.delivered_at < clock_timestamp() - interval '5 seconds' as abandoned
  from delivery d join conversation c on c.id = d.conversation_id
  where d.conversation_id in (select conversation_id from delivery_mark)
  limit ${batchMax} for no key update of d skip locked`

const advance = `
  update delivery d
  set version = k.version, revision = k.revision, max_seq = k.max_seq, delivery_mode = k.mode,
      delivered_at = clock_timestamp()
  from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[], $5::delivery_mode[])
    as k (conversation_id, version, revision, max_seq, mode)
  where d.conversation_id = k.conversation_id`

const clear = `
  delete from delivery_mark k
  using unnest($1::text[], $2::integer[], $3::integer[]) as d (conversation_id, version, revision)
  where k.conversation_id = d.conversation_id and k.version <= d.version and k.revision <= d.revision`

const hasNews = (due: Due) => due.version > due.deliveredVersion || due.revision > due.deliveredRevision

export function createFanOut(parts: { pool: pg.Pool; bus: Bus; log: Logger; metrics: Metrics }): FanOut {
  const { pool, bus, log, metrics } = parts
  let wanted = false
  let closed = false
  let running: Promise<void> | null = null
  const timer = setInterval(wake, pollMs)

  function wake(): void {
    wanted = true
    if (closed || running) return
    running = run().finally(() => {
      running = null
      if (wanted) wake()
    })
  }

  async function run(): Promise<void> {
    try {
      while (wanted && !closed) {
        wanted = false
        if (await deliverBatch()) wanted = true
      }
    } catch (error) {
      // The marks are still there; the next tick tries again.
      wanted = false
      log.warn({ err: error }, 'fan-out failed and will be tried again')
    }
  }

  /** Returns whether there may be more to do. */
  async function deliverBatch(): Promise<boolean> {
    const client = await pool.connect()
    const sql = poolSql(client)
    let claimed: Due[]
    let done: Due[]
    let numbered: NumberedChange[]
    try {
      await sql.query('begin')
      claimed = await sql.query<Due>(claim)
      done = claimed.filter((due) => hasNews(due) || due.abandoned)
      numbered = await announce(sql, await changesOf(sql, done))
      if (done.length > 0)
        await sql.query(advance, [...marks(done), done.map((due) => due.maxSeq), done.map((due) => due.mode)])
      await sql.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      client.release(true)
      throw error
    }
    client.release()

    publish(bus, done, numbered)
    for (const due of done) if (due.maxSeq > due.deliveredMaxSeq) metrics.delivered(due.ageSeconds)
    // While these were locked here, another process may have passed over news of them.
    if (claimed.length > done.length) setTimeout(wake, lookAgainMs).unref()
    if (done.length > 0) await poolSql(pool).query(clear, marks(done))
    return done.length > 0
  }

  return {
    wake,
    async close() {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}

const marks = (done: Due[]): unknown[][] => [
  done.map((due) => due.conversationId),
  done.map((due) => due.version),
  done.map((due) => due.revision),
]

/** What each member is to be told: everybody of a DIRECT conversation, of a SIGNAL one those who sent or are named. */
async function changesOf(sql: Sql, done: Due[]): Promise<Change[]> {
  const members = await everyMember(
    sql,
    done.filter((due) => due.mode === 'DIRECT' || due.deliveredMode !== due.mode),
  )
  const involved = await involvedSince(
    sql,
    done.filter((due) => due.maxSeq > due.deliveredMaxSeq),
  )
  return done.flatMap((due) => {
    const everyone = members.get(due.conversationId) ?? []
    const subjectId = due.conversationId
    const turned = due.deliveredMode !== due.mode
    // What an abandoned delivery told is not known, so it is told again, all of it.
    const again = turned || !hasNews(due)
    const messages = due.version > due.deliveredVersion || again
    const revised = due.revision > due.deliveredRevision || again
    const hint = { from: due.deliveredVersion, to: due.version }
    const changes: Change[] = []
    if (messages) changes.push(...everyone.map((userId) => ({ userId, kind: 'messages', subjectId, hint })))
    if (revised) changes.push(...everyone.map((userId) => ({ userId, kind: 'conversation', subjectId })))
    for (const each of involved.get(subjectId) ?? [])
      changes.push(...(each.sent ? readByItsSender(due, each.userId, everyone) : mentioned(each, everyone)))
    return changes
  })
}

/** What is sent is read by its sender: on the sender's own devices, and for the peer of a direct conversation. */
function readByItsSender(
  { kind, conversationId: subjectId }: Due,
  sender: string,
  everyone: string[],
): Change[] {
  const peers = kind === 'DIRECT' ? everyone.filter((userId) => userId !== sender) : []
  return [
    { userId: sender, kind: 'conversation', subjectId },
    ...peers.map((userId) => ({ userId, kind: 'receipts', subjectId })),
  ]
}

/** A mention counts in the membership of those whom it means. */
function mentioned({ conversationId: subjectId, userId }: Involved, everyone: string[]): Change[] {
  return (userId === null ? everyone : [userId]).map((each) => ({
    userId: each,
    kind: 'conversation',
    subjectId,
  }))
}

async function everyMember(sql: Sql, due: Due[]): Promise<Map<string, string[]>> {
  if (due.length === 0) return new Map()
  const rows = await sql.query<{ conversationId: string; userId: string }>(
    `select conversation_id as "conversationId", user_id as "userId" from membership
     where conversation_id = any($1::text[])`,
    [due.map((each) => each.conversationId)],
  )
  const people = byConversation(rows)
  return new Map([...people].map(([id, members]) => [id, members.map((member) => member.userId)]))
}

/** Somebody who sent, or whom a message names; null is all. */
type Involved = { conversationId: string } & (
  | { sent: true; userId: string }
  | { sent: false; userId: string | null }
)

const involvedAfter = `
  select distinct s.conversation_id as "conversationId", s.sender_id as "userId", true as sent
  from unnest($1::text[], $2::integer[]) as k (conversation_id, after_seq)
  join message s on s.conversation_id = k.conversation_id and s.seq > k.after_seq and s.sender_id is not null
  join membership m on m.conversation_id = s.conversation_id and m.user_id = s.sender_id
  union all
  select distinct n.conversation_id, n.user_id, false
  from unnest($1::text[], $2::integer[]) as k (conversation_id, after_seq)
  join mention n on n.conversation_id = k.conversation_id and n.seq > k.after_seq
  left join membership m on m.conversation_id = n.conversation_id and m.user_id = n.user_id
  where n.user_id is null or m.user_id is not null`

async function involvedSince(sql: Sql, due: Due[]): Promise<Map<string, Involved[]>> {
  if (due.length === 0) return new Map()
  const params = [due.map((each) => each.conversationId), due.map((each) => each.deliveredMaxSeq)]
  return byConversation(await sql.query<Involved>(involvedAfter, params))
}

function byConversation<Row extends { conversationId: string }>(rows: Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) found.set(row.conversationId, [...(found.get(row.conversationId) ?? []), row])
  return found
}

function publish(bus: Bus, done: Due[], numbered: NumberedChange[]): void {
  publishChanges(bus, numbered)
  for (const { conversationId, mode, version, revision, maxSeq, messageCount } of done)
    if (mode === 'SIGNAL')
      bus.publish(conversationTopic(conversationId), { version, revision, maxSeq, messageCount })
}
