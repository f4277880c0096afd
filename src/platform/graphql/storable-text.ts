import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type GraphQLFieldResolver,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import { type Issue, invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'
import { nullsIn } from './null-in-updates.ts'

// Rejects every id and text argument that PostgreSQL cannot store, and every null that an update does not allow, before
// the resolver and with all their paths. The database would reject it as
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
    const given = args as Record<string, unknown>
    const expected = info.parentType.getFields()[info.fieldName]?.args ?? []
    const issues = [...unstorableIn(expected, given), ...nullsIn(expected, given)]
    if (issues.length > 0) throw invalidInput(...issues)
    return resolver(root, args, context, info)
  }
}

type Expected = readonly { name: string; type: GraphQLInputType }[]

const message = 'must not contain U+0000 or half a surrogate pair'

const unstorableIn = (expected: Expected, given: Record<string, unknown>): Issue[] =>
  expected.flatMap(({ name, type }) => unstorable(type, given[name], name))

/** An issue for each text that cannot be stored. Scalars such as JSONObject check what they contain. */
function unstorable(type: GraphQLInputType, value: unknown, path: string): Issue[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message }]
  if (typeof value !== 'object' || value === null) return []
  const nullable = getNullableType(type)
  if (isListType(nullable) && Array.isArray(value))
    return value.flatMap((item, index) => unstorable(nullable.ofType, item, `${path}.${index}`))
  if (!isInputObjectType(nullable)) return []
  return unstorableIn(Object.values(nullable.getFields()), value as Record<string, unknown>).map((issue) => ({
    ...issue,
    path: `${path}.${issue.path}`,
  }))
}

SchemaBuilder.registerPlugin('storableText', StorableTextPlugin)
