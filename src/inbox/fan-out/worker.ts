import type pg from 'pg'
import type { Logger } from 'pino'
import type { Bus } from '../../platform/bus/bus.ts'
import { presentHistory } from '../../platform/db/history.ts'
import { inOneFlight, poolSql, type Sql } from '../../platform/db/sql.ts'
import { onLiveConnection } from '../../platform/db/transaction/begin.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Tracing } from '../../platform/tracing/tracing.ts'
import type { Change } from '../../transaction.ts'
import { announce, type NumberedChange, publishChanges } from '../announce.ts'
import { changesToDeliver, hasChanges, type PendingDelivery } from './pending-delivery.ts'
import { traceFanOut } from './trace.ts'

/** Gives every member of a changed conversation the next number of their stream, and publishes it. */
export interface FanOut {
  /** Delivers marked conversations now. */
  wake(): void
  close(): Promise<void>
}

export const conversationTopic = (conversationId: string) => `conversation:${conversationId}`

const batchMax = 50
const pollMs = 1_000
/** Time until another process, which delivered the same conversations, has cleared its marks. */
const recheckMs = 50

// Oldest first, so that a busy conversation cannot starve the others.
const claim = `
  select d.* from (select conversation_id from delivery_mark group by conversation_id order by min(marked_at)) k
  cross join lateral (
    select d.conversation_id as "conversationId", c.delivery_mode::text as mode,
           d.mode::text as "deliveredMode", c.version, d.version as "deliveredVersion", c.revision,
           d.revision as "deliveredRevision", c.max_seq as "maxSeq", d.max_seq as "deliveredMaxSeq",
           c.message_count as "messageCount",
           extract(epoch from clock_timestamp() - c.last_activity_at)::float8 as "ageSeconds",
           d.delivered_at < clock_timestamp() - interval '5 seconds' as abandoned
    from delivery d join conversation c on c.id = d.conversation_id
    where d.conversation_id = k.conversation_id for no key update of d skip locked
  ) d
  limit ${batchMax}`

// The row stays locked until the commit, so a reader that sees a tick sees everything that was delivered up to it.
const moveClock = `
  with present as materialized (${presentHistory})
  update delivery_clock set tick = tick + 1 from present where delivery_clock.id = 1
  returning delivery_clock.tick, present.id as history`

const advance = `
  update delivery d
  set version = k.version, revision = k.revision, max_seq = k.max_seq, mode = k.mode,
      tick = case k.mode when 'INLINE' then d.tick else (select tick from delivery_clock) end, delivered_at = clock_timestamp()
  from unnest($1::text[], $2::integer[], $3::integer[], $4::integer[], $5::message_delivery_mode[])
    as k (conversation_id, version, revision, max_seq, mode)
  where d.conversation_id = k.conversation_id`

// One statement, so that a killed process leaves either the delivery mark or the marks of the topics.
const clear = `
  with cleared as (
    delete from delivery_mark k
    using unnest($1::text[], $2::integer[], $3::integer[]) as d (conversation_id, version, revision)
    where k.conversation_id = d.conversation_id and k.version <= d.version and k.revision <= d.revision
    returning k.conversation_id, k.version
  )
  insert into outbox_mark (topic, conversation_id, version)
  select t.name, c.conversation_id, max(c.version) from cleared c cross join outbox_topic t
  where t.after_delivery group by t.name, c.conversation_id
  on conflict do nothing`

export function createFanOut(parts: {
  pool: pg.Pool
  bus: Bus
  log: Logger
  metrics: Metrics
  tracing: Tracing | null
}): FanOut {
  const { pool, log, metrics, tracing } = parts
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
      // The marks are still there; the next poll retries.
      wanted = false
      log.warn({ err: error }, 'fan-out failed, will retry')
    }
  }

  /** Begins a transaction, and locks the deliveries of marked conversations. */
  function claimMarked() {
    return onLiveConnection(async () => {
      const client = await pool.connect()
      try {
        const sql = poolSql(client)
        const [, claimed] = await inOneFlight(client, () => [
          client.query('begin'),
          sql.query<PendingDelivery>(claim),
        ])
        return { client, sql, claimed }
      } catch (error) {
        client.release(true)
        throw error
      }
    })
  }

  /** Returns whether there may be more marks. */
  async function deliverBatch(): Promise<boolean> {
    const { client, sql, claimed } = await claimMarked()
    const done = claimed.filter((each) => hasChanges(each) || each.abandoned)
    try {
      await traceFanOut(tracing, sql, done, async () => {
        const [changes] = await inOneFlight(client, () => [changesToDeliver(sql, done)])
        const [delivered] = await inOneFlight(client, () => [
          deliver(sql, changes, done),
          client.query('commit'),
        ])
        publish(parts, done, delivered)
      })
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      client.release(true)
      throw error
    }
    client.release()

    for (const each of done) if (each.maxSeq > each.deliveredMaxSeq) metrics.delivered(each.ageSeconds)
    // Another process may have skipped new marks of these conversations while they were locked here.
    if (claimed.length > done.length) setTimeout(wake, recheckMs).unref()
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

/** The tick of a batch, and the history that it belongs to. */
interface Tick {
  tick: number
  history: string
}

interface Delivered {
  numbered: NumberedChange[]
  /** Undefined if the batch has no conversation of the clock. */
  tick: Tick | undefined
}

const isByClock = ({ mode }: PendingDelivery) => mode !== 'INLINE'

/** Numbers the changes and records what was delivered. The statements are sent at once. */
async function deliver(sql: Sql, changes: Change[], done: PendingDelivery[]): Promise<Delivered> {
  const [announced, ticks] = await Promise.all([
    changes.length > 0 ? announce(sql, changes) : null,
    done.some(isByClock) ? sql.query<Tick>(moveClock) : null,
    done.length > 0
      ? sql.query(advance, [...marks(done), done.map((each) => each.maxSeq), done.map((each) => each.mode)])
      : null,
  ])
  return { numbered: announced?.numbered ?? [], tick: ticks?.[0] }
}

const marks = (done: PendingDelivery[]): unknown[][] => [
  done.map((each) => each.conversationId),
  done.map((each) => each.version),
  done.map((each) => each.revision),
]

function publish(
  { bus, tracing }: { bus: Bus; tracing: Tracing | null },
  done: PendingDelivery[],
  { numbered, tick }: Delivered,
): void {
  publishChanges({ bus, tracing }, numbered)
  if (!tick) return
  for (const { conversationId, mode, version, revision, maxSeq, messageCount } of done.filter(isByClock)) {
    const trace = tracing?.causeOf(conversationId)
    const numbers = { version, revision, maxSeq, messageCount }
    bus.publish(conversationTopic(conversationId), {
      ...tick,
      mode,
      ...numbers,
      ...(trace !== undefined && { trace }),
    })
  }
}
