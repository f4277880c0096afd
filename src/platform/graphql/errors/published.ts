import {
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  visit,
} from 'graphql'
import type { ErrorCode } from '../../../errors.ts'

const directive = `"""
Codes of the errors that a field may give, in \`extensions.code\`. Every field may also give those of the request:
UNAUTHENTICATED, SUSPENDED, INVALID_INPUT, RATE_LIMITED, QUERY_TOO_COMPLEX, PERSISTED_QUERY_NOT_FOUND,
DOCUMENT_NOT_TRUSTED, INTROSPECTION_DISABLED, UNAVAILABLE, OUTCOME_UNKNOWN and INTERNAL.
"""
directive @errors(codes: [ErrorCode!]!) on FIELD_DEFINITION`

/** The published schema: sorted, with the errors of each field, which the library does not print. */
export function printPublished(schema: GraphQLSchema): string {
  const text = printSchema(lexicographicSortSchema(schema))
  const parts: string[] = []
  let printed = 0
  visit(parse(text), {
    FieldDefinition({ name, loc }, _key, _parent, _path, ancestors) {
      const type = ancestors.findLast((node) => 'kind' in node) as { name: { value: string } }
      const codes = declaredErrors(schema, type.name.value, name.value)
      if (!loc || codes.length === 0) return
      parts.push(text.slice(printed, loc.end), ` @errors(codes: [${codes.join(', ')}])`)
      printed = loc.end
    },
  })
  return `${directive}\n\n${parts.join('')}${text.slice(printed)}\n`
}

/** Codes of the errors that a field declares, sorted. */
export function declaredErrors(schema: GraphQLSchema, typeName: string, fieldName: string): ErrorCode[] {
  const type = schema.getType(typeName)
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName] : undefined
  return [...((field?.extensions.errors ?? []) as ErrorCode[])].sort()
}
