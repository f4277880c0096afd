import { defineLoader, type LoaderContext, type Lookup } from '../loader.ts'
import { builder, type OperationContext } from './builder.ts'

const typeName = Symbol('type of a node')

export const NodeInterface = builder.interfaceRef<object>('Node').implement({
  description: 'An object with an id, by which `node` and `nodes` find it.',
  resolveType: (node) => (node as { [typeName]?: string })[typeName],
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id, unique over all types.',
      resolve: (node) => (node as { id: string }).id,
    }),
  }),
})

type Read<Row> = (ctx: OperationContext, key: string) => Lookup<Row | null>

interface Source<Row extends object> {
  type: string | ((row: Row) => string)
  /** The object if the viewer may see it; null otherwise, whether it exists or not. */
  read: Read<Row>
}

const byTable = new Map<string, Read<object>>()
const byPrefix = new Map<string, Read<object>>()

/** A copy with its type: the same row may be found as another type, too. */
const typed =
  <Row extends object>({ type, read }: Source<Row>): Read<object> =>
  async (ctx, key) => {
    const row = await read(ctx, key)
    return row && { ...row, [typeName]: typeof type === 'string' ? type : type(row) }
  }

/** A type whose objects are rows of a table, with ids that are unique over all tables. */
export const defineRowNode = <Row extends object>(table: string, source: Source<Row>) =>
  byTable.set(table, typed(source))

/** A type whose ids have a prefix; `read` gets the key after it. */
export const defineDerivedNode = <Row extends object>(prefix: string, source: Source<Row>) =>
  byPrefix.set(prefix, typed(source))

/** The id of an object that has a key instead of an id of its own. */
export const derivedId = (prefix: string, ...key: (string | number)[]) => [prefix, ...key].join('_')

/** The last part of a key, and what is before it. */
export function splitKey(key: string): [string, string] {
  const at = Math.max(key.lastIndexOf('_'), 0)
  return [key.slice(0, at), key.slice(at + 1)]
}

/** The table that contains a row with the id. */
const loadTable = defineLoader<string, { id: string; table: string }>(
  (sql, ids) =>
    sql.query(
      [...byTable.keys()]
        .map((table) => `select id, '${table}' as table from ${table} where id = any($1)`)
        .join(' union all '),
      [ids],
    ),
  (row) => row.id,
)

/** The object with an id, of whatever type, if the viewer may see it. */
export async function readNode(ctx: OperationContext & LoaderContext, id: string): Promise<object | null> {
  const end = id.indexOf('_')
  if (end >= 0) return byPrefix.get(id.slice(0, end))?.(ctx, id.slice(end + 1)) ?? null
  const found = await loadTable(ctx, id)
  return (found && byTable.get(found.table)?.(ctx, id)) ?? null
}
