import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type GraphQLFieldResolver,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import { invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'

// Rejects every id and text argument that PostgreSQL cannot store, before the resolver. The database would reject it as
// well, but later, without its path, and a subscription would take that for an outage and retry.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      storableText: StorableTextPlugin<Types>
    }
  }
}

class StorableTextPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    return withCheck(resolver, field.args)
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    return subscriber && withCheck(subscriber, field.args)
  }
}

function withCheck<Context>(
  resolver: GraphQLFieldResolver<unknown, Context, object>,
  declared: object,
): GraphQLFieldResolver<unknown, Context, object> {
  if (Object.keys(declared).length === 0) return resolver
  return (root, args, context, info) => {
    const path = unstorableArgument(args as Record<string, unknown>, info)
    if (path !== null)
      throw invalidInput({ path, message: 'must not contain U+0000 or half a surrogate pair' })
    return resolver(root, args, context, info)
  }
}

function unstorableArgument(args: Record<string, unknown>, info: GraphQLResolveInfo): string | null {
  for (const { name, type } of info.parentType.getFields()[info.fieldName]?.args ?? []) {
    const path = unstorableIn(type, args[name])
    if (path !== null) return `${name}${path}`
  }
  return null
}

/** The path below a value to text that cannot be stored, or null. Scalars such as JSONObject check what they contain. */
function unstorableIn(type: GraphQLInputType, value: unknown): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : ''
  if (typeof value !== 'object' || value === null) return null
  const nullable = getNullableType(type)
  if (isListType(nullable) && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const path = unstorableIn(nullable.ofType, item)
      if (path !== null) return `.${index}${path}`
    }
  } else if (isInputObjectType(nullable)) {
    const fields = nullable.getFields()
    for (const [name, item] of Object.entries(value)) {
      const field = fields[name]
      const path = field ? unstorableIn(field.type, item) : null
      if (path !== null) return `.${name}${path}`
    }
  }
  return null
}

SchemaBuilder.registerPlugin('storableText', StorableTextPlugin)
