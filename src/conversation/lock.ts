import type { Sql } from '../platform/db/sql.ts'

/** SQL: an array of conversation ids, and its parameters. */
export interface SelectedConversations {
  ids: string
  params: unknown[]
}

/**
 * Takes the lock that every change of a conversation or its member list takes. The order of ids prevents deadlocks
 * between callers that lock several. Check permissions before and again after it. Returns the ids that are locked.
 */
export async function lockConversations(
  sql: Sql,
  { ids, params }: SelectedConversations,
  { skipLocked = false } = {},
): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select id from conversation where id = any(${ids}) order by id
     for no key update${skipLocked ? ' skip locked' : ''}`,
    params,
  )
  return new Set(rows.map(({ id }) => id))
}

export async function lockConversationRow(sql: Sql, conversationId: string): Promise<void> {
  await lockConversations(sql, { ids: 'array[$1::text]', params: [conversationId] })
}
