import type { Sql } from '../platform/db/sql.ts'

/** A conversation in hand for one endpoint: how far it was told, and how far it has come since. */
export interface Progress {
  conversationId: string
  version: number
  seq: number
  revision: number
  /** Changes before this were told already, or are told by another change of theirs. */
  reachedAt: Date
  failures: number
  failingSince: Date | null
}

export const conversationsMax = 8
const leaseSeconds = 90

// A conversation that is older than the endpoint begins with what was written since. It is found from the newest
// backwards, so that a long history costs nothing.
const begin = `
  insert into webhook_progress (topic, conversation_id, version, seq, revision, reached_at)
  select $1, c.id,
         coalesce((select s.version from message s where s.conversation_id = c.id
                   and greatest(s.sent_at, s.edited_at, s.recalled_at) < e.since order by s.version desc limit 1), 0),
         coalesce((select s.seq from message s where s.conversation_id = c.id and s.sent_at < e.since
                   order by s.seq desc limit 1), 0),
         -1, e.since
  from webhook_endpoint e join conversation c on c.id in (
    select conversation_id from outbox_mark where topic = $1
    union select conversation_id from revision_mark where topic = $1 limit 1000)
  where e.topic = $1 and not exists (
    select from webhook_progress p where p.topic = $1 and p.conversation_id = c.id)
  on conflict do nothing`

const claim = `
  with due as materialized (
    select p.conversation_id from webhook_progress p
    where p.topic = $1 and (p.due_at is null or p.due_at <= clock_timestamp())
      and (p.conversation_id in (select conversation_id from outbox_mark where topic = $1)
        or p.conversation_id in (select conversation_id from revision_mark where topic = $1))
    order by p.due_at nulls first limit $2 for no key update of p skip locked
  )
  update webhook_progress p set due_at = clock_timestamp() + interval '${leaseSeconds} seconds'
  from due where p.topic = $1 and p.conversation_id = due.conversation_id
  returning p.conversation_id as "conversationId", p.version, p.seq, p.revision, p.reached_at as "reachedAt",
            p.failures, p.failing_since as "failingSince"`

const save = `
  update webhook_progress set version = $3, seq = $4, revision = $5, reached_at = $6, failures = 0, failing_since = null,
         due_at = case when $7 then null else clock_timestamp() + interval '${leaseSeconds} seconds' end
  where topic = $1 and conversation_id = $2`

const clear = `
  with messages as (
    delete from outbox_mark where topic = $1 and conversation_id = $2 and version <= $3
  )
  delete from revision_mark where topic = $1 and conversation_id = $2 and revision <= $4`

const postpone = `
  update webhook_progress set failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()),
         due_at = clock_timestamp() + $3 * interval '1 millisecond'
  where topic = $1 and conversation_id = $2`

const release = `update webhook_progress set due_at = null where topic = $1 and conversation_id = $2`

const giveUp = `
  update webhook_progress p
  set version = c.version, seq = c.max_seq, revision = c.revision, reached_at = clock_timestamp(), failures = 0,
      failing_since = null, due_at = null
  from conversation c where p.topic = $1 and p.conversation_id = $2 and c.id = p.conversation_id
  returning p.version, p.revision`

// Of the marks of one conversation only the last matters; a receiver that is away for days must not fill the table.
const thin = ['outbox_mark:version', 'revision_mark:revision'].map((place) => {
  const [table, number] = place.split(':')
  return `
    delete from ${table} k using (
      select conversation_id, max(${number}) as last from ${table} where topic = $1
      group by conversation_id having count(*) > 1) m
    where k.topic = $1 and k.conversation_id = m.conversation_id and k.${number} < m.last`
})

/** What is to be told to one endpoint, and by whom. A conversation belongs to its worker until it lets go or dies. */
export function progressOf(sql: Sql, topic: string) {
  return {
    async claim(most: number): Promise<Progress[]> {
      await sql.query(begin, [topic])
      return sql.query<Progress>(claim, [topic, most])
    },
    /** So far it was told; `done` lets go of it. */
    async save(progress: Progress, done: boolean): Promise<void> {
      const { conversationId, version, seq, revision, reachedAt } = progress
      await sql.query(save, [topic, conversationId, version, seq, revision, reachedAt, done])
      if (done) await sql.query(clear, [topic, conversationId, version, revision])
    },
    /** Whoever is free goes on. */
    async release({ conversationId }: Progress): Promise<void> {
      await sql.query(release, [topic, conversationId])
    },
    postpone: ({ conversationId }: Progress, restMs: number) =>
      sql.query(postpone, [topic, conversationId, restMs]),
    /** Whatever changed until now is never told. */
    async giveUp({ conversationId }: Progress): Promise<void> {
      const [now] = await sql.query<Progress>(giveUp, [topic, conversationId])
      if (now) await sql.query(clear, [topic, conversationId, now.version, now.revision])
    },
    async thin(): Promise<void> {
      for (const statement of thin) await sql.query(statement, [topic])
    },
  }
}

export type ProgressStore = ReturnType<typeof progressOf>
