import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
} from 'graphql'
import { renderExample } from './code.ts'
import { examples } from './examples.ts'
import { costOf, errorsOf, fieldTables, inputTable } from './fields.ts'
import { linkTo, mutationOf, type Page, pageOf, pages } from './links.ts'
import { generated } from './markdown.ts'

const paragraph = (text: string | null | undefined) => (text ? [text, ''] : [])

/** The pages of the reference by their file names. */
export function renderReference(unsorted: GraphQLSchema): Map<string, string> {
  const schema = lexicographicSortSchema(unsorted)
  const names = Object.keys(pages) as Page[]
  return new Map([
    ['README.md', renderIndex(schema)],
    ...names.map((page) => [`${page}.md`, renderPage(schema, page)] as const),
  ])
}

const roots = (schema: GraphQLSchema) => ({
  queries: schema.getQueryType(),
  mutations: schema.getMutationType(),
  subscriptions: schema.getSubscriptionType(),
})

const firstSentence = (text: string | null | undefined) =>
  (text ?? '').match(/^[\s\S]*?[.!?](?=\s|$)/)?.[0].replace(/\s+/g, ' ') ?? ''

const requestFunction = `async function request(query: string, variables: object) {
  const response = await fetch('http://localhost:4000/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: \`Bearer \${accessToken}\` },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(\`\${errors[0].extensions.code}: \${errors[0].message}\`)
  return data
}`

function renderIndex(schema: GraphQLSchema): string {
  const operations = Object.entries(roots(schema)).flatMap(([page, root]) => [
    `## ${pages[page as Page]}`,
    '',
    '| field | meaning |',
    '|---|---|',
    ...Object.values(root?.getFields() ?? {}).map(
      ({ name, description }) =>
        `| [\`${name}\`](${page}.md#${name.toLowerCase()}) | ${firstSentence(description)} |`,
    ),
    '',
  ])
  const others = (Object.keys(pages) as Page[]).filter((page) => !(page in roots(schema)))
  return [
    generated,
    '# API reference',
    '',
    'Look up an operation or a type of `schema.graphql`. Rules that hold everywhere, such as pagination, errors and cost, are',
    'in [Using the API](../api.md); how to keep a client up to date is in [The stream protocol](../protocol.md).',
    '',
    `Types: ${others.map((page) => `[${pages[page]}](${page}.md)`).join(', ')}.`,
    '',
    '## Examples',
    '',
    'The examples for curl expect an access token in `TOKEN`. Those in TypeScript use this function; the first argument is the',
    'text of the operation. [Using the API](../api.md#typed-clients) has configurations of clients that type it.',
    '',
    '```ts',
    requestFunction,
    '```',
    '',
    ...operations,
  ].join('\n')
}

function renderPage(schema: GraphQLSchema, page: Page): string {
  const root = roots(schema)[page as keyof ReturnType<typeof roots>]
  const sections = root
    ? Object.values(root.getFields()).flatMap((field) => renderOperation(schema, root.name, field))
    : Object.values(schema.getTypeMap())
        .filter((type) => pageOf(schema, type) === page)
        .flatMap((type) => renderType(schema, type))
  return [generated, `# ${pages[page]}`, '', '[API reference](README.md)', '', ...sections].join('\n')
}

function renderOperation(
  schema: GraphQLSchema,
  parent: string,
  field: GraphQLField<unknown, unknown>,
): string[] {
  const result = getNamedType(field.type)
  const own = mutationOf(schema, result) === field.name
  const [input] = field.args.map(({ type }) => getNamedType(type))
  const ownInput = own && isInputObjectType(input) ? input : null
  return [
    `## ${field.name}`,
    '',
    ...paragraph(field.description),
    ...paragraph([errorsOf(schema, parent, field.name), costOf(schema, field)].filter(Boolean).join(' ')),
    ...(own ? [] : [`Returns ${linkTo(schema, field.type)}.`, '']),
    ...(ownInput
      ? [
          `Input${ownInput.isOneOf ? ', exactly one of' : ''}:`,
          '',
          ...inputTable(schema, Object.values(ownInput.getFields()), 'field'),
        ]
      : inputTable(schema, field.args, 'argument')),
    ...(own && isObjectType(result) ? ['Payload:', '', ...fieldTables(schema, result)] : []),
    ...examples
      .filter((example) => example.field === field.name)
      .flatMap((example) => renderExample(schema, example)),
  ]
}

function renderType(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  return [`## ${type.name}`, '', ...paragraph(type.description), ...renderParts(schema, type)]
}

/** Each error code has a page. */
const enumValue = (type: string, name: string) =>
  type === 'ErrorCode' ? `[\`${name}\`](../errors/${name}.md)` : `\`${name}\``

function renderParts(schema: GraphQLSchema, type: GraphQLNamedType): string[] {
  if (isScalarType(type)) return type.specifiedByURL ? [`Specified by <${type.specifiedByURL}>.`, ''] : []
  if (isEnumType(type))
    return [
      '| value | meaning |',
      '|---|---|',
      ...type
        .getValues()
        .map(
          ({ name, description, deprecationReason }) =>
            `| ${enumValue(type.name, name)} | ${[description, deprecationReason && `Deprecated: ${deprecationReason}`].filter(Boolean).join(' ').replace(/\s+/g, ' ')} |`,
        ),
      '',
    ]
  if (isInputObjectType(type))
    return [
      ...(type.isOneOf ? ['Exactly one of these fields:', ''] : []),
      ...inputTable(schema, Object.values(type.getFields()), 'field'),
    ]
  if (isInterfaceType(type)) {
    const types = schema.getPossibleTypes(type).map((one) => linkTo(schema, one))
    return [`Types: ${types.join(', ')}.`, '', ...fieldTables(schema, type)]
  }
  return isObjectType(type) ? fieldTables(schema, type) : []
}
