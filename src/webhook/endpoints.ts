import { createHash } from 'node:crypto'
import type { Sql } from '../platform/db/sql.ts'

/** One address that is told, with marks and progress of its own: a dead one keeps no other from hearing. */
export interface Endpoint {
  /** Of the outbox. */
  topic: string
  url: string
}

const prefix = 'webhook:'

/** The topic does not tell the address, which may hold a secret. */
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

const forget = [
  'outbox_topic:name',
  'outbox_mark:topic',
  'revision_mark:topic',
  'webhook_progress:topic',
  'webhook_endpoint:topic',
].map((place) => {
  const [table, column] = place.split(':')
  return `delete from ${table} where starts_with(${column}, '${prefix}') and ${column} <> all($1::text[])`
})

/** From now on changes leave marks for these, and for no others any more. */
export async function registerEndpoints(sql: Sql, endpoints: Endpoint[]): Promise<void> {
  const topics = endpoints.map(({ topic }) => topic)
  if (topics.length > 0) await sql.query(register, [topics])
  for (const statement of forget) await sql.query(statement, [topics])
}
