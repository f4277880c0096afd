import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
  print,
} from 'graphql'
import { type Limits, readConfig } from '../../src/config.ts'
import { declaredErrors } from '../../src/platform/graphql/errors/published.ts'
import { linkTo } from './links.ts'
import { inline, table } from './markdown.ts'

type Fields = GraphQLObjectType | GraphQLInterfaceType
type Field = GraphQLField<unknown, unknown>

/** A limit as clients read it, or its default if they cannot. */
function limitNamed(schema: GraphQLSchema, name: string): string {
  const limits = schema.getType('Limits')
  if (isObjectType(limits) && name in limits.getFields()) return `\`serverInfo.limits.${name}\``
  return String(readConfig({}).limits[name as keyof Limits])
}

/** What a field costs besides 1 and its fields; see docs/api.md. */
export function costOf(schema: GraphQLSchema, { args, type, extensions }: Field): string {
  if (args.some(({ name }) => name === 'first' || name === 'last'))
    return 'Cost: 50, and 5 and its fields for each item of the page.'
  const { items, readsEach } = extensions
  const each = readsEach ? '50 and its fields' : '1 and its fields'
  if (items === undefined || items === 'page' || !isListType(getNullableType(type))) return ''
  if (typeof items === 'number') return `Cost: ${each} for each of ${items} items.`
  if (typeof items === 'string') return `Cost: ${each} for each of ${limitNamed(schema, items)} items.`
  const lists = (items as string[]).map((path) => `\`${path.slice(1)}\``)
  return `Cost: ${each} for each item of ${lists.join(' and ')}.`
}

/** The codes that a field may answer with, besides those of every request. */
export function errorsOf(schema: GraphQLSchema, parent: string, field: string): string {
  const codes = declaredErrors(schema, parent, field)
  return codes.length === 0
    ? ''
    : `Errors: ${codes.map((code) => `[\`${code}\`](../errors/${code}.md)`).join(', ')}.`
}

export function describeField(schema: GraphQLSchema, parent: string, field: Field): string {
  const deprecation = field.deprecationReason ? `Deprecated: ${field.deprecationReason}` : ''
  const parts = [field.description, deprecation, errorsOf(schema, parent, field.name), costOf(schema, field)]
  return inline(parts.filter(Boolean).join(' '))
}

export function inputTable(
  schema: GraphQLSchema,
  inputs: readonly (GraphQLInputField | GraphQLArgument)[],
  name: string,
) {
  const rows = inputs.map((input) => [
    `\`${input.name}\``,
    linkTo(schema, input.type),
    input.defaultValue === undefined
      ? ''
      : `\`${print(astFromValue(input.defaultValue, input.type) as never)}\``,
    inline(input.description),
  ])
  return table([name, 'type', 'default', 'meaning'], rows)
}

/** The fields of a type, without those that its interfaces describe in the same words. */
export function fieldTables(schema: GraphQLSchema, type: Fields): string[] {
  const isOwn = ({ name, description }: Field) =>
    !type.getInterfaces().some((parent) => parent.getFields()[name]?.description === description)
  const own = Object.values(type.getFields()).filter(isOwn)
  const rows = own.map((field) => [
    `\`${field.name}\``,
    linkTo(schema, field.type),
    describeField(schema, type.name, field),
  ])
  const inherited = own.length < Object.keys(type.getFields()).length
  const parents = type.getInterfaces().map((parent) => linkTo(schema, parent))
  return [
    ...(inherited ? [`It also has the fields of ${parents.join(' and ')}.`, ''] : []),
    ...table(['field', 'type', 'meaning'], rows),
    ...own
      .filter(({ args }) => args.length > 0)
      .flatMap((field) => [
        `Arguments of \`${field.name}\`:`,
        '',
        ...inputTable(schema, field.args, 'argument'),
      ]),
  ]
}
