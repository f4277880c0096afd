import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type FragmentDefinitionNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

// A query field marked `readFirst` is resolved before all other root fields of its operation, regardless of its place in
// the document. So a position that it returns is never later than the data of the others.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      readFirst: ReadFirstPlugin<Types>
    }
    export interface FieldOptions {
      /** Whether the other root fields of the query wait for this one. */
      readFirst?: boolean
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, object>

class ReadFirstPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  readonly #first = new Map<string, Resolver>()
  readonly #requested = new WeakMap<OperationDefinitionNode, string[]>()
  readonly #reading = new WeakMap<object, Map<string, Promise<unknown>>>()

  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { readFirst } = field.pothosOptions as { readFirst?: boolean }
    if (readFirst && field.kind === 'Query' && field.resolve)
      this.#first.set(field.name, field.resolve as Resolver)
    return field
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (field.kind !== 'Query') return resolver
    return (root, args, context, info) => {
      const names = this.#firstFieldsOf(info)
      if (names.length === 0) return resolver(root, args, context, info)
      const read = this.#read(names, context, info)
      const own = read.get(field.name)
      return own ?? Promise.all(read.values()).then(() => resolver(root, args, context, info))
    }
  }

  #read(names: string[], context: object, info: GraphQLResolveInfo): Map<string, Promise<unknown>> {
    const present = this.#reading.get(context)
    if (present) return present
    const reading = new Map(
      names.map((name) => [name, Promise.resolve(this.#first.get(name)?.(undefined, {}, context, info))]),
    )
    this.#reading.set(context, reading)
    return reading
  }

  #firstFieldsOf(info: GraphQLResolveInfo): string[] {
    if (this.#first.size === 0) return []
    const known = this.#requested.get(info.operation)
    if (known) return known
    const names = [...rootFields(info.operation.selectionSet, info.fragments)].filter((name) =>
      this.#first.has(name),
    )
    this.#requested.set(info.operation, names)
    return names
  }
}

function* rootFields(
  set: SelectionSetNode,
  fragments: Record<string, FragmentDefinitionNode>,
): Generator<string> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value
    else if (selection.kind === Kind.INLINE_FRAGMENT) yield* rootFields(selection.selectionSet, fragments)
    else {
      const fragment = fragments[selection.name.value]
      if (fragment) yield* rootFields(fragment.selectionSet, fragments)
    }
  }
}

SchemaBuilder.registerPlugin('readFirst', ReadFirstPlugin)
