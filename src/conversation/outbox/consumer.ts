import { isFree, leaseEnd, owner } from '../../platform/db/lease.ts'
import type { Sql } from '../../platform/db/sql.ts'

/** A conversation with changes for one topic, leased to this process. */
export interface Claim {
  conversationId: string
  /** Consecutive failures, and since when; a renewal clears both. */
  failures: number
  failingSince: Date | null
}

/** How far the changes of a conversation have been processed. */
export interface Processed {
  conversationId: string
  version: number
  /** For topics that also follow the conversation's own settings. */
  revision?: number
}

export interface ConsumerOptions {
  topic: string
  /** Longer than the work on one batch may take. */
  leaseSeconds: number
  /** OLDEST reads all marks of the topic; BY_ID stays cheap when the marks are many. */
  order: 'OLDEST' | 'BY_ID'
}

/** Takes conversations with changes from the outbox. A conversation is leased to one process at a time. */
export interface Consumer {
  claim(max: number): Promise<Claim[]>
  /** Claims these conversations, with or without marks. */
  claimOnly(conversationIds: string[]): Promise<Claim[]>
  /** Extends the lease of a claim whose work succeeds so far. */
  renew(claim: Claim): Promise<void>
  /** Clears the marks that were processed and ends the claims. Returns the number of marks cleared. */
  complete(reached: Processed[]): Promise<number>
  /** Ends the claims without progress; another process may claim at once. */
  release(claims: Claim[]): Promise<void>
  /** Ends a failed claim; the conversation cannot be claimed before `delayMs`. */
  postpone(claim: Claim, delayMs: number): Promise<void>
  /** Deletes all but the last mark of each conversation, so that marks do not accumulate during an outage. */
  compact(): Promise<void>
}

const orders = { OLDEST: 'min(k.marked_at), k.conversation_id', BY_ID: 'k.conversation_id' }

const marked = (order: ConsumerOptions['order']) => `
  select k.conversation_id
  from (
    select conversation_id, marked_at from outbox_mark where topic = $1
    union all
    select conversation_id, marked_at from revision_mark where topic = $1
  ) k
  left join outbox_claim c on c.topic = $1 and c.conversation_id = k.conversation_id
  where c.topic is null or ${isFree('c')}
  group by k.conversation_id order by ${orders[order]} limit $3`

// Claims are inserted in one order, so that two processes cannot deadlock.
const claim = (wanted: string) => `
  with wanted as materialized (
    ${wanted}
  ), held as materialized (
    select c.conversation_id from outbox_claim c join wanted using (conversation_id)
    where c.topic = $1 and ${isFree('c')} for no key update of c skip locked
  ), taken as (
    update outbox_claim c set owner = ${owner}, due_at = ${leaseEnd('$2')}
    from held where c.topic = $1 and c.conversation_id = held.conversation_id
    returning c.conversation_id, c.failures, c.failing_since
  ), begun as (
    insert into outbox_claim (topic, conversation_id, owner, due_at)
    select $1, conversation_id, ${owner}, ${leaseEnd('$2')} from wanted order by conversation_id
    on conflict do nothing
    returning conversation_id, failures, failing_since
  )
  select conversation_id as "conversationId", failures, failing_since as "failingSince" from taken
  union all select conversation_id, failures, failing_since from begun`

const claimThese = claim('select unnest($3::text[]) as conversation_id')

const mine = `topic = $1 and conversation_id = any($2::text[]) and owner = ${owner}`

const renew = `
  update outbox_claim set due_at = ${leaseEnd('$3')}, failures = 0, failing_since = null where ${mine}`

const release = `update outbox_claim set owner = null, due_at = clock_timestamp() where ${mine}`

const releaseOthers = `
  update outbox_claim set owner = null, due_at = clock_timestamp()
  where topic = $1 and owner = ${owner} and conversation_id <> all($2::text[])`

const postpone = `
  update outbox_claim
  set owner = null, due_at = clock_timestamp() + $3 * interval '1 millisecond', failures = failures + 1,
      failing_since = coalesce(failing_since, clock_timestamp())
  where ${mine}`

// A claim that another process is taking over is skipped.
const complete = `
  with reached as (
    select * from unnest($2::text[], $3::integer[], $4::integer[]) as r (conversation_id, version, revision)
  ), messages as (
    delete from outbox_mark k using reached r
    where k.topic = $1 and k.conversation_id = r.conversation_id and k.version <= r.version
    returning 1
  ), revisions as (
    delete from revision_mark k using reached r
    where k.topic = $1 and k.conversation_id = r.conversation_id and k.revision <= r.revision
    returning 1
  ), ended as (
    delete from outbox_claim c using (
      select c.topic, c.conversation_id from outbox_claim c join reached using (conversation_id)
      where c.topic = $1 and c.owner = ${owner} for update of c skip locked
    ) e
    where c.topic = e.topic and c.conversation_id = e.conversation_id
  )
  select ((select count(*) from messages) + (select count(*) from revisions))::integer as cleared`

const compact = ['outbox_mark:version', 'revision_mark:revision'].map((place) => {
  const [table, number] = place.split(':')
  return `
    delete from ${table} k using (
      select conversation_id, max(${number}) as last from ${table} where topic = $1
      group by conversation_id having count(*) > 1) m
    where k.topic = $1 and k.conversation_id = m.conversation_id and k.${number} < m.last`
})

export function createConsumer(sql: Sql, { topic, leaseSeconds, order }: ConsumerOptions): Consumer {
  const claimMarked = claim(marked(order))
  const working = new Set<string>()
  let claiming = 0
  let mayHaveLeftovers = false

  /** A statement that failed may have left claims, which would otherwise last as long as the lease. */
  async function noting<T>(statement: Promise<T>): Promise<T> {
    try {
      return await statement
    } catch (error) {
      mayHaveLeftovers = true
      throw error
    }
  }

  async function releaseLeftovers(): Promise<void> {
    // A claim whose answer is on its way is no leftover.
    if (!mayHaveLeftovers || claiming > 0) return
    mayHaveLeftovers = false
    await noting(sql.query(releaseOthers, [topic, [...working]]))
  }

  async function take(statement: string, wanted: number | string[]): Promise<Claim[]> {
    await releaseLeftovers()
    claiming += 1
    try {
      const claims = await noting(sql.query<Claim>(statement, [topic, leaseSeconds, wanted]))
      for (const { conversationId } of claims) working.add(conversationId)
      return claims
    } finally {
      claiming -= 1
    }
  }

  /** Ends claims by a statement; if it fails, the next claim releases them. */
  function end<Row>(ids: string[], statement: string, params: unknown[]): Promise<Row[]> {
    for (const id of ids) working.delete(id)
    return noting(sql.query<Row>(statement, [topic, ids, ...params]))
  }

  const idsOf = (claims: Pick<Claim, 'conversationId'>[]) => claims.map((each) => each.conversationId)
  return {
    claim: (max) => take(claimMarked, max),
    claimOnly: (conversationIds) => take(claimThese, conversationIds),
    async renew(claim) {
      await sql.query(renew, [topic, idsOf([claim]), leaseSeconds])
    },
    async complete(reached) {
      const [row] = await end<{ cleared: number }>(idsOf(reached), complete, [
        reached.map((each) => each.version),
        reached.map((each) => each.revision ?? null),
      ])
      return row?.cleared ?? 0
    },
    async release(claims) {
      await end(idsOf(claims), release, [])
    },
    async postpone(claim, delayMs) {
      await end(idsOf([claim]), postpone, [delayMs])
    },
    async compact() {
      for (const statement of compact) await sql.query(statement, [topic])
    },
  }
}
