import { releaseOnFailure } from '../conversation/outbox/batches.ts'
import { type Claim, createConsumer, type Processed } from '../conversation/outbox/consumer.ts'
import type { Sql } from '../platform/db/sql.ts'

/** A claimed conversation, and up to where it is delivered to one endpoint. */
export interface Progress extends Claim {
  version: number
  seq: number
  revision: number
  /** Changes before this time are delivered, or are covered by a later change of the same message. */
  reachedAt: Date
}

export const conversationsMax = 8
const leaseSeconds = 90

// A conversation older than the endpoint starts at the first change since. Searched from the newest backwards, so that
// the length of the history does not matter.
const readProgress = `
  with begun as (
    insert into webhook_progress (topic, conversation_id, version, seq, revision, reached_at)
    select $1, c.id,
           coalesce((select s.version from message s where s.conversation_id = c.id
                     and greatest(s.sent_at, s.edited_at, s.recalled_at) < e.since order by s.version desc limit 1), 0),
           coalesce((select s.seq from message s where s.conversation_id = c.id and s.sent_at < e.since
                     order by s.seq desc limit 1), 0),
           -1, e.since
    from webhook_endpoint e join conversation c on c.id = any($2::text[])
    where e.topic = $1 and not exists (
      select from webhook_progress p where p.topic = $1 and p.conversation_id = c.id)
    order by c.id
    on conflict do nothing
    returning conversation_id, version, seq, revision, reached_at
  ), progress as (
    select conversation_id, version, seq, revision, reached_at from webhook_progress
    where topic = $1 and conversation_id = any($2::text[])
    union all select * from begun
  )
  select conversation_id as "conversationId", version, seq, revision, reached_at as "reachedAt" from progress`

const save = `
  update webhook_progress set version = $3, seq = $4, revision = $5, reached_at = $6
  where topic = $1 and conversation_id = $2`

const skip = `
  update webhook_progress p
  set version = c.version, seq = c.max_seq, revision = c.revision, reached_at = clock_timestamp()
  from conversation c where p.topic = $1 and p.conversation_id = $2 and c.id = p.conversation_id
  returning p.conversation_id as "conversationId", p.version, p.revision`

type ProgressRow = Omit<Progress, 'failures' | 'failingSince'>

/** The stored progress of one endpoint in each conversation. */
export function progressOf(sql: Sql, topic: string) {
  const consumer = createConsumer(sql, { topic, leaseSeconds, order: 'OLDEST' })
  return {
    async claim(most: number): Promise<Progress[]> {
      const claims = await consumer.claim(most)
      if (claims.length === 0) return []
      const ids = claims.map(({ conversationId }) => conversationId)
      const rows = await releaseOnFailure(consumer, claims, () =>
        sql.query<ProgressRow>(readProgress, [topic, ids]),
      )
      const found = new Map(rows.map((row) => [row.conversationId, row]))
      return claims.flatMap((claim) => {
        const row = found.get(claim.conversationId)
        return row ? [{ ...claim, ...row }] : []
      })
    },
    /** Stores the progress; `done` ends the claim. */
    async save(progress: Progress, done: boolean): Promise<void> {
      const { conversationId, version, seq, revision, reachedAt } = progress
      await sql.query(save, [topic, conversationId, version, seq, revision, reachedAt])
      if (done) await consumer.complete([progress])
      else await consumer.renew(progress)
    },
    release: (progress: Progress): Promise<void> => consumer.release([progress]),
    postpone: consumer.postpone,
    /** Skips all changes until now. */
    async giveUp({ conversationId }: Progress): Promise<void> {
      await consumer.complete(await sql.query<Processed>(skip, [topic, conversationId]))
    },
    compact: consumer.compact,
  }
}

export type ProgressStore = ReturnType<typeof progressOf>
