import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { Limits } from '../../../config.ts'

/**
 * The largest number of items of a list: a number, a limit of the server, the size of the page that the list is part of,
 * or the lengths of list arguments, by their paths.
 */
export type Items = number | keyof Limits | 'page' | readonly `.${string}`[]

/**
 * For lists within a message, which are stored and read with it. A message may have more, so that the cost of ordinary
 * operations is not that of the worst case; users in them are read once per request.
 */
export const itemsInMessage = 10

// The cost of an operation counts every list, so a list of objects without a size does not compile into the schema.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      cost: CostPlugin<Types>
    }
    export interface FieldOptions {
      items?: Items
      /** Whether each item is read by a statement of its own. */
      readsEach?: boolean
    }
  }
}

class CostPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { items, readsEach } = field.pothosOptions as { items?: Items; readsEach?: boolean }
    if (items !== undefined) return { ...field, extensions: { ...field.extensions, items, readsEach } }
    const isList = field.type.kind === 'List' && ['Object', 'Interface'].includes(field.type.type.kind)
    if (isList)
      throw new Error(`The list ${field.parentType}.${field.name} does not say how many items it has.`)
    return field
  }
}

SchemaBuilder.registerPlugin('cost', CostPlugin)
