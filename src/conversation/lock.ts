import type { Sql } from '../platform/db/sql.ts'
import { type ConversationHead, headColumns } from './append/head.ts'

/** SQL: an array of conversation ids, and its parameters. */
export interface SelectedConversations {
  ids: string
  params: unknown[]
}

/**
 * Takes the lock that every change of a conversation or its member list takes. The order of ids prevents deadlocks
 * between callers that lock several. Check permissions before and again after it. Returns the conversations that are
 * locked, by id, in their state under the lock.
 */
export async function lockConversations(
  sql: Sql,
  { ids, params }: SelectedConversations,
  { skipLocked = false } = {},
): Promise<Map<string, ConversationHead>> {
  const rows = await sql.query<ConversationHead>(
    `select ${headColumns} from conversation c where c.id = any(${ids}) order by c.id
     for no key update${skipLocked ? ' skip locked' : ''}`,
    params,
  )
  return new Map(rows.map((head) => [head.id, head]))
}

export async function lockConversationRow(sql: Sql, conversationId: string): Promise<void> {
  await lockConversations(sql, { ids: 'array[$1::text]', params: [conversationId] })
}
