import type { Sql } from '../../platform/db/sql.ts'
import type { Task } from '../../platform/jobs/job-runner.ts'
import type { Tracing } from '../../platform/tracing/tracing.ts'

declare module '../../platform/tracing/tracing.ts' {
  interface SpanFacts {
    'parlance.conversation.id'?: string
  }
}

/** What caused the newest traced change of a conversation. */
export interface TraceCause {
  conversationId: string
  /** Version and newest message of the conversation after the change. */
  version: number
  seq: number
  traceparent: string
}

const record = `
  insert into trace_cause (conversation_id, version, seq, traceparent)
  select c.id, c.version, c.max_seq, k.traceparent
  from unnest($1::text[], $2::text[]) as k (id, traceparent)
  cross join lateral (select * from conversation where id = k.id limit 1) c
  order by c.id
  on conflict (conversation_id) do update
    set version = excluded.version, seq = excluded.seq, traceparent = excluded.traceparent, at = now()`

/** Stores what causes the changes of these conversations, in their transaction and under their locks. */
export async function recordCauses(sql: Sql, tracing: Tracing, conversationIds: string[]): Promise<void> {
  const caused = conversationIds.flatMap((id) => {
    const traceparent = tracing.causeOf(id)
    return traceparent === undefined ? [] : [{ id, traceparent }]
  })
  if (caused.length === 0) return
  await sql.query(record, [caused.map(({ id }) => id), caused.map(({ traceparent }) => traceparent)])
}

const read = `
  select conversation_id as "conversationId", version, seq, traceparent from trace_cause
  where conversation_id = any($1::text[])`

/** What caused the newest traced change of each conversation; empty while traces are off. */
export async function readCauses(
  sql: Sql,
  tracing: Tracing | null,
  conversationIds: string[],
): Promise<Map<string, TraceCause>> {
  if (!tracing || conversationIds.length === 0) return new Map()
  const causes = await sql.query<TraceCause>(read, [conversationIds])
  return new Map(causes.map((cause) => [cause.conversationId, cause]))
}

/** Deletes causes that no worker waits for. */
export const purgeTraceCauses = ({ sql }: { sql: Sql }): Task => ({
  every: '25 4 * * *',
  run: async () => void (await sql.query(`delete from trace_cause where at < now() - interval '1 day'`)),
})
