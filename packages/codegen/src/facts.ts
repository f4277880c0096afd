import type { CodegenConfig } from '@graphql-codegen/cli'
import { type DocumentNode, type GraphQLSchema, isEnumType, Kind } from 'graphql'
import { describeCache } from './cache-description.ts'
import { graphcacheSchema } from './graphcache-schema.ts'

type Output = Exclude<CodegenConfig['generates'][string], readonly unknown[]>
type Preset = Exclude<NonNullable<Output['preset']>, string>

/** Writes what the documents alone do not say. */
export const factsPreset: Preset = {
  buildGeneratesSection: ({ baseOutputDir, schema, schemaAst, documents, config }) => [
    {
      filename: baseOutputDir,
      plugins: [{ facts: {} }],
      pluginMap: {
        facts: {
          plugin: (known, files) =>
            factsOf(
              known,
              files.flatMap(({ document }) => (document ? [document] : [])),
            ),
        },
      },
      ...{ schema, schemaAst, documents, config },
    },
  ],
}

export function factsOf(schema: GraphQLSchema, documents: readonly DocumentNode[]): string {
  const { possibleTypes } = describeCache(schema)
  const codes = schema.getType('ErrorCode')
  const values = isEnumType(codes) ? codes.getValues().map(({ name }) => `'${name}'`) : []
  return [
    '/** The codes of errors, in `extensions.code`. */',
    `export type ErrorCode = ${values.join(' | ') || 'string'}`,
    '/** The codes of each query and mutation, beside those of every request. */',
    `export interface FieldErrors {\n${errorsOf(schema).join('\n')}\n}`,
    `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(possibleTypes, null, 2)}`,
    '/** What Graphcache needs of the schema: the types and fields that the documents use. */',
    `export const graphcacheSchema = ${JSON.stringify(graphcacheSchema(schema, documents))} as const`,
    '',
  ].join('\n\n')
}

function errorsOf(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return roots
    .flatMap((type) => Object.values(type?.getFields() ?? {}))
    .flatMap(({ name, astNode }) => {
      const given = astNode?.directives?.find((directive) => directive.name.value === 'errors')
        ?.arguments?.[0]
      if (given?.value.kind !== Kind.LIST) return []
      const codes = given.value.values.flatMap((one) => (one.kind === Kind.ENUM ? [`'${one.value}'`] : []))
      return [`  ${name}: ${codes.join(' | ')}`]
    })
}
