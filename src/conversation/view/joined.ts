import type { Context, Viewer } from '../../context.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import type { SelectedJoin } from '../../platform/graphql/joins/selected.ts'
import { joinedColumns, joinedValues, setName, takeJoins } from '../../platform/graphql/joins/statement.ts'
import { defineLoader, type Load } from '../../platform/loader.ts'
import {
  type ConversationRow,
  loadView,
  type MembershipKey,
  type MembershipRow,
  viewColumns,
  visibleConversation,
} from '../store.ts'

interface JoinedKey extends MembershipKey {
  values: (number | boolean)[]
}

interface JoinedRow {
  key: string
  view: ConversationRow & { membership: MembershipRow }
}

type FoundRow = ConversationRow & MembershipRow & { place: number }

/** A statement for more of them would keep the first one waiting. */
const pagesTogether = 16

const keyText = ({ conversationId, userId, values }: JoinedKey) =>
  `${conversationId} ${userId} ${values.join()}`

// One for each set of joins, of which the schema has few.
const loaders = new Map<string, Load<JoinedKey, JoinedRow>>()

/**
 * `visibleConversation` that reads joins in the same statement. The membership that decides whether the viewer sees the
 * conversation is that of the same row.
 */
export async function joinedConversation(
  ctx: Context,
  viewer: Viewer,
  conversationId: string,
  joins: readonly SelectedJoin[],
) {
  if (joins.length === 0) return visibleConversation(ctx, viewer, conversationId)
  const key = { conversationId, userId: viewer.userId, values: joinedValues(joins) }
  const row = await loaderOf(joins)(ctx, key)
  if (row) {
    loadView.prime(ctx, key, row.view)
    takeJoins(ctx, joins, row.view, row.view)
  }
  return row?.view ?? null
}

function loaderOf(joins: readonly SelectedJoin[]): Load<JoinedKey, JoinedRow> {
  const name = setName(joins)
  const loader = loaders.get(name) ?? defineJoinedLoader(joins)
  loaders.set(name, loader)
  return loader
}

function defineJoinedLoader(joins: readonly SelectedJoin[]): Load<JoinedKey, JoinedRow> {
  const { select, names, types } = joinedColumns(joins)
  const columns = ['conversation_id', 'user_id', ...names]
  const columnTypes = ['text', 'text', ...types]
  // Key by key along the indexes, whatever the statistics say.
  const arrays = columnTypes.map((type, index) => arrayOf(index + 1, type))
  const statement = `
    select k.place, ${viewColumns}${select}
    from unnest(${arrays.join(', ')}) with ordinality as k (${columns.join(', ')}, place)
    cross join lateral (
      select * from membership m where m.conversation_id = k.conversation_id and m.user_id = k.user_id limit 1
    ) m
    cross join lateral (select * from conversation c where c.id = m.conversation_id limit 1) c`

  const valuesOf = (key: JoinedKey) => [key.conversationId, key.userId, ...key.values]
  return defineLoader<JoinedKey, JoinedRow>(
    async (sql, keys) => {
      const rowsOfKeys = keys.map(valuesOf)
      const rows = await sql.query<FoundRow>(
        statement,
        columns.map((_name, index) => rowsOfKeys.map((row) => row[index])),
      )
      return rows.map((row) => {
        const view: JoinedRow['view'] = Object.assign(row, { membership: row })
        return { key: keyText(keys[row.place - 1] as JoinedKey), view }
      })
    },
    (row) => row.key,
    keyText,
    pagesTogether,
  )
}
