import { createHash } from 'node:crypto'
import type { Sql } from '../platform/db/sql.ts'

/** A receiver with marks and progress of its own, so that a failing one does not delay the others. */
export interface Endpoint {
  /** Topic in the outbox. */
  topic: string
  url: string
}

const prefix = 'webhook:'

/** The topic contains a hash of the URL, which may contain a secret. */
export const endpointOf = (url: string): Endpoint => ({
  topic: `${prefix}${createHash('sha256').update(url).digest('base64url').slice(0, 16)}`,
  url,
})

const register = `
  with topics as (
    insert into outbox_topic (name, revisions) select unnest($1::text[]), true
    on conflict (name) do update set revisions = true
  )
  insert into webhook_endpoint (topic) select unnest($1::text[]) on conflict do nothing`

const purge = [
  'outbox_topic:name',
  'outbox_mark:topic',
  'revision_mark:topic',
  'webhook_progress:topic',
  'webhook_endpoint:topic',
].map((entry) => {
  const [table, column] = entry.split(':')
  return `delete from ${table} where starts_with(${column}, '${prefix}') and ${column} <> all($1::text[])`
})

/** Registers the topics of these endpoints and deletes those of all others. */
export async function registerEndpoints(sql: Sql, endpoints: Endpoint[]): Promise<void> {
  const topics = endpoints.map(({ topic }) => topic)
  if (topics.length > 0) await sql.query(register, [topics])
  for (const statement of purge) await sql.query(statement, [topics])
}
