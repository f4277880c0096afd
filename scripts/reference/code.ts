import { type GraphQLSchema, getOperationAST, parse } from 'graphql'
import { readConfig } from '../../src/config.ts'
import { compileCost } from '../../src/platform/graphql/cost/compile.ts'
import type { Example } from './examples.ts'

const block = (language: string, code: string) => [`\`\`\`${language}`, code, '```', '']

/** A value as it is written in TypeScript. */
const literal = (value: unknown, indent: string) =>
  JSON.stringify(value, null, 2)
    .replace(/"(\w+)":/g, '$1:')
    .replaceAll('"', "'")
    .replaceAll('\n', `\n${indent}`)

/** An example as an operation, for curl, and in TypeScript. */
export function renderExample(schema: GraphQLSchema, example: Example): string[] {
  const document = parse(example.operation)
  const operation = getOperationAST(document)
  if (!operation?.name) throw new Error(`The example of ${example.field} has no name.`)
  const cost = compileCost(schema, document, operation, readConfig({}).limits)(example.variables)
  return [
    ...block('graphql', example.operation),
    ...(operation.operation === 'subscription'
      ? subscribing(operation.name.value, example)
      : asking(operation.name.value, example)),
    `Cost of the example: ${cost}.`,
    '',
  ]
}

function asking(name: string, { field, operation, variables, anonymous }: Example): string[] {
  const body = JSON.stringify({ query: operation.replace(/\s+/g, ' '), variables })
  const headers = [
    "-H 'content-type: application/json'",
    ...(anonymous ? [] : ['-H "authorization: Bearer $TOKEN"']),
  ]
  return [
    ...block('sh', ['curl http://localhost:4000/graphql', ...headers, `-d '${body}'`].join(' \\\n  ')),
    ...block('ts', `const { ${field} } = await request(${name}, ${literal(variables, '')})`),
  ]
}

const subscribing = (name: string, { field, variables }: Example) =>
  block(
    'ts',
    `import { createClient } from 'graphql-ws'

const client = createClient({
  url: 'ws://localhost:4000/graphql',
  connectionParams: () => ({ authorization: \`Bearer \${accessToken}\` }),
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
})
for await (const { data } of client.iterate({ query: ${name}, variables: ${literal(variables, '')} }))
  console.log(data?.${field})`,
  )
