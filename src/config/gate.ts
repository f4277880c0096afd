import { z } from 'zod'
import { list } from './fields.ts'

const onOff = z.enum(['on', 'off'])

/** Which operations are accepted, and what helps to write them. */
export const gateSettings = {
  TRUSTED_DOCUMENTS: list.describe(
    'Paths of files with the documents of your clients, separated by commas: the persisted-documents.json of the client preset, the file of the Relay compiler, or a persisted query manifest of Apollo. Read at start.',
  ),
  TRUSTED_DOCUMENTS_MODE: z
    .enum(['off', 'prefer', 'only'])
    .default('prefer')
    .describe(
      'What TRUSTED_DOCUMENTS means: off ignores it; with prefer its documents can be sent by their id; with only all others are refused, except those of GraphiQL.',
    ),
  GRAPHIQL: onOff
    .optional()
    .describe('Whether GraphiQL is served at /graphql. If unset, only with the embedded database.'),
  WEB_APP: onOff.default('on').describe('Whether the web app is served at /.'),
  INTROSPECTION: onOff
    .default('on')
    .describe(
      'Whether the schema can be read, by introspection and at /schema.graphql; with DATABASE_URL, only by signed-in users.',
    ),
}

export function gateErrors({ TRUSTED_DOCUMENTS_MODE: mode, TRUSTED_DOCUMENTS: files }: Given): string[] {
  return mode === 'only' && !files ? ['TRUSTED_DOCUMENTS: required with TRUSTED_DOCUMENTS_MODE=only'] : []
}

type Given = Record<string, string | undefined>

type GateEnv = z.output<z.ZodObject<typeof gateSettings>>

export function gateConfig(env: GateEnv & { DATABASE_URL?: string | undefined }) {
  const { TRUSTED_DOCUMENTS: files, TRUSTED_DOCUMENTS_MODE: mode } = env
  const isProduction = env.DATABASE_URL !== undefined
  return {
    trustedDocuments: { files: mode === 'off' ? [] : files, only: mode === 'only' },
    graphiql: (env.GRAPHIQL ?? (isProduction ? 'off' : 'on')) === 'on',
    webApp: env.WEB_APP === 'on',
    introspection: env.INTROSPECTION === 'on',
  }
}
