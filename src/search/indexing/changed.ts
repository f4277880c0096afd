import type { Sql } from '../../platform/db/sql.ts'
import type { SearchableRow } from '../engine/document.ts'

/** Indexed and current version of a conversation. */
export interface Behind {
  conversationId: string
  indexedVersion: number
  version: number
}

const messagesMax = 500
// Compressed size, up to a hundredth of the text: limits a batch to about 6 MB.
const storedMax = 65_536

const changed = `
  select conversation_id as "conversationId", seq, version, id, sender_id as "senderId", kind::text as kind, content,
         sent_at as "sentAt", recalled_at as "recalledAt", size
  from (
    select m.*, sum(m.size) over (order by k.place, m.version) - m.size as before
    from unnest($1::text[], $2::integer[]) with ordinality as k (conversation_id, version, place)
    cross join lateral (
      select s.*, pg_column_size(s.content) as size
      from message s where s.conversation_id = k.conversation_id and s.version > k.version
      order by s.version limit ${messagesMax}
    ) m
  ) found
  where before < ${storedMax} order by before`

/** The next changed messages, and the version of each conversation that the index reaches with them. */
export async function readChanged(
  sql: Sql,
  behind: readonly Behind[],
): Promise<{ rows: SearchableRow[]; reached: number[] }> {
  const rows = await sql.query<SearchableRow & { size: number }>(changed, [
    behind.map((each) => each.conversationId),
    behind.map((each) => each.indexedVersion),
  ])
  const stored = rows.reduce((sum, row) => sum + row.size, 0)
  return { rows, reached: versionsReached(behind, rows, stored >= storedMax ? rows.at(-1) : undefined) }
}

/** `cut` is the last row of a result that was cut off by size. */
function versionsReached(
  behind: readonly Behind[],
  rows: readonly SearchableRow[],
  cut: SearchableRow | undefined,
): number[] {
  const counts = new Map<string, number>()
  const lasts = new Map<string, number>()
  for (const { conversationId, version } of rows) {
    counts.set(conversationId, (counts.get(conversationId) ?? 0) + 1)
    lasts.set(conversationId, version)
  }
  const place = cut ? behind.findIndex((each) => each.conversationId === cut.conversationId) : behind.length
  return behind.map(({ conversationId, indexedVersion, version }, index) => {
    const last = lasts.get(conversationId) ?? indexedVersion
    const complete = index < place && (counts.get(conversationId) ?? 0) < messagesMax
    return complete ? Math.max(version, last) : last
  })
}
