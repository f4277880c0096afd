import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql'

let schema: GraphQLSchema | undefined

const published = () => {
  schema ??= buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
  return schema
}

/** What the type `ErrorExtensions` of the published schema does not allow in the extensions of an error. */
export const faultsOfExtensions = (extensions: unknown): string[] =>
  faultsOf(published().getType('ErrorExtensions') as GraphQLObjectType, extensions, 'extensions')

function faultsOf(type: GraphQLOutputType, value: unknown, path: string): string[] {
  if (isNonNullType(type))
    return value === null || value === undefined ? [`${path} is missing`] : faultsOf(type.ofType, value, path)
  if (value === null || value === undefined) return []
  if (isListType(type))
    return Array.isArray(value)
      ? value.flatMap((item) => faultsOf(type.ofType, item, `${path}.n`))
      : [`${path} is no list`]
  if (isLeafType(type)) return isLeaf(String(type), value) ? [] : [`${path} is no ${String(type)}`]
  const fields = (type as GraphQLObjectType).getFields()
  return [
    ...Object.keys(value)
      .filter((name) => !(name in fields))
      .map((name) => `${path}.${name} is not documented`),
    ...Object.values(fields).flatMap((field) =>
      faultsOf(field.type, (value as Record<string, unknown>)[field.name], `${path}.${field.name}`),
    ),
    ...(type.toString() === 'ErrorIssue' ? faultsOfPath(value) : []),
  ]
}

function isLeaf(name: string, value: unknown): boolean {
  if (name === 'Int') return Number.isInteger(value)
  if (name === 'Boolean') return typeof value === 'boolean'
  if (typeof value !== 'string') return false
  if (name === 'DateTime') return new Date(value).toISOString() === value
  const type = published().getType(name)
  return !type || !('getValue' in type) || type.getValue(value) !== undefined
}

/** Names and indexes, joined by dots. */
const faultsOfPath = (issue: object) => {
  const { path } = issue as { path?: unknown }
  return typeof path === 'string' && /^\w+(\.\w+)*$/.test(path) ? [] : [`${String(path)} is no path`]
}
