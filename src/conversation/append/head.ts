import { columns } from '../../platform/db/columns.ts'
import type { Conversation } from '../../platform/db/generated/client.ts'
import type { Sql } from '../../platform/db/sql.ts'

export const conversationFields = [
  'id',
  'kind',
  'deliveryMode',
  'maxSeq',
  'messageCount',
  'version',
  'memberCount',
  'lastActivityAt',
  'createdAt',
] as const satisfies readonly (keyof Conversation)[]

/** A locked conversation, from which its next messages get their numbers. */
export type ConversationHead = Pick<Conversation, (typeof conversationFields)[number]> & {
  /** Increases with every change of the conversation itself or its members. */
  settingsVersion: number
  /** The first message after it moves the copies of all members; null in SIGNAL mode. */
  activeUntil: Date | null
}

/** SQL: a head, of the table `c`. */
export const headColumns = `${columns('c', conversationFields)}, c.revision as "settingsVersion",
  c.active_until as "activeUntil"`

export interface Heads {
  /** By conversation. */
  heads: ReadonlyMap<string, ConversationHead>
  /** The time of the database. */
  now: Date
}

// Key by key, so that the plan does not depend on the size of the table.
const readHead = `
  select ${headColumns}, date_trunc('milliseconds', clock_timestamp()) as now
  from unnest($1::text[]) as k (id)
  cross join lateral (select * from conversation where id = k.id limit 1) c`

/** Reads conversations whose locks the caller holds. */
export async function readHeads(sql: Sql, conversationIds: string[]): Promise<Heads> {
  const rows = await sql.query<ConversationHead & { now: Date }>(readHead, [conversationIds])
  const heads = new Map(rows.map(({ now: _now, ...head }) => [head.id, head]))
  return { heads, now: rows[0]?.now ?? new Date() }
}
