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
import type { ErrorPage } from '../../scripts/reference/errors/page.ts'
import { errorPages } from '../../scripts/reference/errors/render.ts'

let schema: GraphQLSchema | undefined

const published = () => {
  schema ??= buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
  return schema
}

const extensionsType = () => published().getType('ErrorExtensions') as GraphQLObjectType

export const extensionFields = (): string[] => Object.keys(extensionsType().getFields())

/** What the schema and docs/errors do not allow in the extensions of an error. */
export function faultsOfExtensions(extensions: unknown): string[] {
  const { code, ...given } = (extensions ?? {}) as Record<string, unknown>
  const page = (errorPages as Record<string, ErrorPage>)[String(code)]
  const fields = (page?.extensions ?? []) as readonly string[]
  return [
    ...faultsOf(extensionsType(), extensions, 'extensions'),
    ...Object.keys(given)
      .filter((name) => !fields.includes(name))
      .map((name) => `docs/errors does not say that ${String(code)} has ${name}`),
  ]
}

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
