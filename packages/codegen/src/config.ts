import type { CodegenConfig } from '@graphql-codegen/cli'
import { factsPreset } from './facts.ts'

/** TypeScript types of the scalars, as JSON carries them. */
export const scalars = {
  DateTime: 'string',
  URL: 'string',
  LocalTime: 'string',
  TimeZone: 'string',
  SyncCursor: 'string',
  JSONObject: 'Record<string, unknown>',
}

export interface CodegenOptions {
  /** The file `schema.graphql` of the server, or the address of its GraphQL endpoint. */
  schema: string
  documents: string[]
  /** A folder, with a slash at its end. */
  output: string
  /** Of imports between generated files, such as `.js`. */
  importExtension?: '' | `.${string}`
}

/** Typed documents, and beside them `parlance.ts`: the codes of errors, `possibleTypes`, and the schema for Graphcache. */
export function parlanceCodegen({
  schema,
  documents,
  output,
  importExtension = '',
}: CodegenOptions): CodegenConfig {
  return {
    schema,
    documents,
    generates: {
      [output]: {
        preset: 'client',
        presetConfig: { fragmentMasking: false },
        config: {
          ...{ useTypeImports: true, enumsAsTypes: true, immutableTypes: true, scalars },
          ...{ importExtension, emitLegacyCommonJSImports: false },
        },
      },
      [`${output}parlance.ts`]: { preset: factsPreset },
    },
  }
}
