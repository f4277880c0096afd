import type { CodegenConfig } from '@graphql-codegen/cli'

/** Types and texts of the documents of the packages; they are committed, and `npm run codegen:check` compares them. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['packages/client/src/documents/*.graphql'],
  generates: {
    'packages/client/src/generated/documents.ts': {
      plugins: ['typescript-operations', './scripts/package-documents.mjs'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        defaultScalarType: 'string',
        inlineFragmentTypes: 'combine',
        scalars: { ID: 'string', JSONObject: 'Record<string, unknown>' },
      },
    },
  },
}

export default config
