import type { Sql } from '../../platform/db/sql.ts'

/** A table whose rows belong to a backup. */
export interface Table {
  schema: string
  name: string
  /** Without generated columns. */
  columns: string[]
}

interface Described extends Table {
  id: string
  /** Ids of the tables to which its foreign keys lead. */
  requires: string[]
}

/** Tables that each database has for itself: what was applied to it, who works on it, the search index and traces. */
const omitted = [
  '_prisma_migrations',
  'graphile_worker.migrations',
  'job_worker',
  'message_search',
  'search_progress',
  'search_word',
  'trace_cause',
]

const describe = `
  select t.oid::text as id, n.nspname as schema, t.relname as name,
    array(select a.attname::text from pg_attribute a
          where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          order by a.attnum) as columns,
    array(select f.confrelid::text from pg_constraint f
          where f.conrelid = t.oid and f.contype = 'f' and f.confrelid <> t.oid) as requires
  from pg_class t join pg_namespace n on n.oid = t.relnamespace
  where t.relkind = 'r' and n.nspname in (current_schema(), 'graphile_worker')
    and t.relname <> all ($1::text[]) and n.nspname || '.' || t.relname <> all ($1::text[])
  order by n.nspname, t.relname`

/** Every table of a backup, those to which foreign keys lead before those from which they come. */
export async function readTables(sql: Sql): Promise<Table[]> {
  let rest = await sql.query<Described>(describe, [omitted])
  const sorted: Described[] = []
  while (rest.length > 0) {
    const waiting = new Set(rest.map(({ id }) => id))
    const ready = rest.filter(({ requires }) => !requires.some((id) => waiting.has(id)))
    if (ready.length === 0)
      throw new Error(`Foreign keys form a circle: ${rest.map(({ name }) => name).join(', ')}`)
    sorted.push(...ready)
    rest = rest.filter((table) => !ready.includes(table))
  }
  return sorted.map(({ schema, name, columns }) => ({ schema, name, columns }))
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

export const tableName = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
  `${quoted(schema)}.${quoted(name)}`

export const columnList = ({ columns }: Table): string => columns.map(quoted).join(', ')

/** The name of a table, for display. */
export const titleOf = ({ schema, name }: Pick<Table, 'schema' | 'name'>): string =>
  schema === 'graphile_worker' ? `${schema}.${name}` : name
