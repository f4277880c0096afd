import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import {
  type GraphQLArgument,
  type GraphQLFieldResolver,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import { type Issue, invalidInput } from '../../errors.ts'
import { isStorable } from '../text.ts'
import { nullMessage, refusesNull } from './null-in-updates.ts'

// Rejects every id and text argument that PostgreSQL cannot store, and every null that an update does not allow, before
// the resolver and with all their paths. The database would reject it as well, but later, without its path, and a
// subscription would take that for an outage and retry.
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
  let expected: Expected | null = null
  return (root, args, context, info) => {
    expected ??= argumentsOf(info)
    const issues: Issue[] = []
    addIssues(issues, expected, args as Record<string, unknown>, '')
    if (issues.length > 0) throw invalidInput(...issues)
    return resolver(root, args, context, info)
  }
}

type Expected = Readonly<Record<string, GraphQLArgument | GraphQLInputField>>

const argumentsOf = ({ parentType, fieldName }: GraphQLResolveInfo): Expected =>
  Object.fromEntries(parentType.getFields()[fieldName]?.args.map((each) => [each.name, each]) ?? [])

/** Adds an issue for each text that cannot be stored, and for each null that is not allowed. */
function addIssues(
  issues: Issue[],
  expected: Expected,
  given: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const name of Object.keys(given)) {
    const value = given[name]
    const field = expected[name]
    if (!field) continue
    if (value !== null) addUnstorable(issues, field.type, value, path + name)
    else if (refusesNull(field)) issues.push({ path: path + name, message: nullMessage })
  }
}

const unstorableMessage = 'must not contain U+0000 or half a surrogate pair'

/** Scalars such as JSONObject check what they contain. */
function addUnstorable(issues: Issue[], type: GraphQLInputType, value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) issues.push({ path, message: unstorableMessage })
    return
  }
  if (typeof value !== 'object' || value === null) return
  const nullable = getNullableType(type)
  if (isListType(nullable) && Array.isArray(value))
    value.forEach((item, index) => {
      addUnstorable(issues, nullable.ofType, item, `${path}.${index}`)
    })
  else if (isInputObjectType(nullable))
    addIssues(issues, nullable.getFields(), value as Record<string, unknown>, `${path}.`)
}

SchemaBuilder.registerPlugin('storableText', StorableTextPlugin)
