import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { LoaderContext } from '../../loader.ts'

// A field that reads rows of its parent by a statement of its own may declare them as a join: the statement that reads
// the parent then reads them, too, if the operation selects the field. The resolver stays the same and finds them.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      joins: JoinsPlugin<Types>
    }
    export interface FieldOptions {
      /** What the statement that reads the parent reads for this field. */
      joins?: readonly Join[]
    }
  }
}

/** The part of the context of an operation that joins use. */
export interface JoinContext extends LoaderContext {
  config: { limits: { pageSize: number; pageSizeMax: number } }
  /** Null if no pages are read from a replica. */
  replica: object | null
}

/** Arguments of a field as the resolver gets them. */
export type JoinArgs = Record<string, unknown>

/** Rows that are read together with their parent. */
export interface Join {
  /** Unique; statements are prepared once per set of joins. */
  name: string
  /** SQL of type json over the tables of the parent; `value` is the SQL of a value. */
  sql: (value: (index: number) => string) => string
  /** Types of the values. */
  types?: readonly ('integer' | 'boolean')[]
  /** The values for the arguments of the field; null if the field reads by itself. */
  values?: (args: JoinArgs, ctx: JoinContext) => (number | boolean)[] | null
  /** Keeps what was read for a parent; `json` is null if there is nothing. */
  take: (ctx: JoinContext, parent: never, json: unknown) => void
}

class JoinsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { joins } = field.pothosOptions as { joins?: readonly Join[] }
    return joins ? { ...field, extensions: { ...field.extensions, joins } } : field
  }
}

SchemaBuilder.registerPlugin('joins', JoinsPlugin)
