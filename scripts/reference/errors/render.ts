import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  lexicographicSortSchema,
} from 'graphql'
import { type ErrorCode, errorCodes } from '../../../src/errors.ts'
import { declaredErrors } from '../../../src/platform/graphql/errors/published.ts'
import { mutationOf, type Page, pageOf } from '../links.ts'
import { generated, inline, table } from '../markdown.ts'
import { fieldErrors } from './of-fields.ts'
import { requestErrors } from './of-requests.ts'
import type { ErrorPage } from './page.ts'

/** A missing page of a code does not compile. */
export const errorPages: Record<ErrorCode, ErrorPage> = { ...requestErrors, ...fieldErrors }

const codes = (Object.keys(errorCodes) as ErrorCode[]).sort()

const pageLink = (code: ErrorCode) => `[\`${code}\`](${code}.md)`

/** The pages of the error codes by their file names. */
export function renderErrors(schema: GraphQLSchema): Map<string, string> {
  return new Map([
    ['README.md', renderIndex()],
    ...codes.map((code) => [`${code}.md`, renderCode(schema, code)] as const),
  ])
}

function renderIndex(): string {
  const rows = (isWanted: (page: ErrorPage) => boolean) =>
    codes
      .filter((code) => isWanted(errorPages[code]))
      .map((code) => [pageLink(code), inline(errorCodes[code])])
  return [
    generated,
    '# Error codes',
    '',
    'Look up a value of `extensions.code`. What holds for all of them is in [Errors](../errors.md).',
    '',
    '## Codes that fields declare',
    '',
    ...table(
      ['code', 'meaning'],
      rows(({ from }) => !from),
    ),
    '## Codes of any operation',
    '',
    'Every field may answer with these, and the operation before it runs.',
    '',
    ...table(
      ['code', 'meaning'],
      rows(({ from }) => from !== undefined),
    ),
  ].join('\n')
}

function renderCode(schema: GraphQLSchema, code: ErrorCode): string {
  const { from, when, client, retry, extensions } = errorPages[code]
  const fields = declaredBy(lexicographicSortSchema(schema), code)
  return [
    generated,
    `# ${code}`,
    '',
    `[Errors](../errors.md), [all codes](README.md)`,
    '',
    when,
    '',
    `**What a client does.** ${client}`,
    '',
    `**Retry.** ${retry}`,
    '',
    '## Extensions',
    '',
    ...(extensions.length === 0 ? ['None besides `code`.', ''] : extensionTable(schema, extensions)),
    '## Example',
    '',
    ...renderExample(code),
    '## Fields',
    '',
    ...(from ? [`May come from ${from}.`, ''] : []),
    ...(from && fields.length > 0 ? ['Declared besides by:', ''] : []),
    ...(fields.length > 0 ? [...fields, ''] : []),
  ].join('\n')
}

function extensionTable(schema: GraphQLSchema, names: ErrorPage['extensions']): string[] {
  const type = schema.getType('ErrorExtensions')
  if (!isObjectType(type)) throw new Error('The schema has no ErrorExtensions.')
  const described = names.map((name) => type.getFields()[name] as GraphQLField<unknown, unknown>)
  return table(
    ['field', 'type', 'meaning'],
    described.map(({ name, type: of, description }) => [`\`${name}\``, `\`${of}\``, inline(description)]),
  )
}

/** The answer to an operation that fails with the code. */
export function exampleOf(code: ErrorCode) {
  const { message, path, extensions } = errorPages[code].example
  const errors = [{ message, ...(path && { path }), extensions: { code, ...extensions } }]
  return path ? { data: { [String(path[0])]: null }, errors } : { errors }
}

const renderExample = (code: ErrorCode) => ['```json', JSON.stringify(exampleOf(code), null, 2), '```', '']

const roots: Record<string, [page: Page, label: string]> = {
  Query: ['queries', 'Queries'],
  Mutation: ['mutations', 'Mutations'],
  Subscription: ['subscriptions', 'Subscriptions'],
}

/** The fields that declare a code, by what they are. */
function declaredBy(schema: GraphQLSchema, code: ErrorCode): string[] {
  const groups = new Map<string, string[]>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    const fields = Object.keys(type.getFields()).filter((field) =>
      declaredErrors(schema, type.name, field).includes(code),
    )
    const group = roots[type.name]?.[1] ?? 'Fields of types'
    const links = fields.map((field) => linkToField(schema, type, field))
    if (links.length > 0) groups.set(group, [...(groups.get(group) ?? []), ...links])
  }
  return [...groups].map(([group, links]) => `- ${group}: ${links.join(', ')}`)
}

/** An operation has a section of its own, and another field is in the section of its type. */
function linkToField(schema: GraphQLSchema, type: GraphQLNamedType, field: string): string {
  const root = roots[type.name]
  if (root) return `[\`${field}\`](../reference/${root[0]}.md#${field.toLowerCase()})`
  const section = mutationOf(schema, type) ?? type.name
  return `[\`${type.name}.${field}\`](../reference/${pageOf(schema, type)}.md#${section.toLowerCase()})`
}
