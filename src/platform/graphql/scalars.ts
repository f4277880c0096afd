import { GraphQLError, Kind, type ValueNode } from 'graphql'
import { builder } from './builder.ts'

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/

function parseInstant(value: unknown): Date {
  const date = typeof value === 'string' && instant.test(value) ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(date.getTime()))
    throw new GraphQLError('A DateTime must have the form 2026-01-31T09:30:00.000Z.')
  return date
}

function parseJsonObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new GraphQLError('A JSONObject must be an object.')
  return value as Record<string, unknown>
}

function literalValue(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
  switch (node.kind) {
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalValue(field.value, variables)]),
      )
    case Kind.LIST:
      return node.values.map((item) => literalValue(item, variables))
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.NULL:
      return null
    case Kind.VARIABLE:
      return variables?.[node.name.value]
    default:
      return node.value
  }
}

const parseText = (name: string) => (value: unknown) => {
  if (typeof value !== 'string') throw new GraphQLError(`A ${name} must be a string.`)
  return value
}

builder.scalarType('DateTime', {
  description: 'An ISO-8601 instant in UTC with milliseconds, such as 2026-01-31T09:30:00.000Z.',
  serialize: (value) => value.toISOString(),
  parseValue: parseInstant,
})

builder.scalarType('URL', {
  description: 'An absolute URL.',
  serialize: (value) => value,
  parseValue: parseText('URL'),
})

builder.scalarType('SyncCursor', {
  description:
    'An opaque position in the stream of changes of the viewer. Clients store the last one received.',
  serialize: (value) => value,
  parseValue: parseText('SyncCursor'),
})

builder.scalarType('JSONObject', {
  description: 'A JSON object of at most 16 KiB.',
  serialize: (value) => value,
  parseValue: parseJsonObject,
  parseLiteral: (node, variables) => parseJsonObject(literalValue(node, variables)),
})
