import type { CodegenConfig } from '@graphql-codegen/cli'
import { parlanceCodegen } from './codegen/src/config.ts'

/** What `npm run codegen` writes in an example. */
const ofExample = (name: string): CodegenConfig['generates'] => {
  const folder = `examples/${name}/src`
  const settings = { schema: 'schema.graphql', documents: [], importExtension: '.ts' } as const
  const { generates } = parlanceCodegen({ ...settings, output: `${folder}/generated/` })
  const documents = [`${folder}/documents.ts`]
  return Object.fromEntries(
    Object.entries(generates).map(([path, output]) => [path, { ...output, documents }]),
  )
}

/** Types and texts of the documents of the packages; they are committed, and `npm run codegen:check` compares them. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    ...ofExample('react-apollo'),
    ...ofExample('vue-urql'),
    'packages/client/src/generated/documents.ts': {
      documents: ['packages/client/src/documents/*.graphql'],
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
