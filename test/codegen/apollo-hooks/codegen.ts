import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  schema: '../../../schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    // A hook for each operation, such as useFirstScreenQuery. The plugin supports version 3 of Apollo Client.
    'generated/hooks.ts': {
      plugins: ['typescript-operations', 'typescript-react-apollo'],
      config: {
        nonOptionalTypename: true,
        skipTypeNameForRoot: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          DateTime: 'string',
          JSONObject: 'Record<string, unknown>',
          LocalTime: 'string',
          SyncCursor: 'string',
          TimeZone: 'string',
          URL: 'string',
        },
      },
    },
  },
}

export default config
