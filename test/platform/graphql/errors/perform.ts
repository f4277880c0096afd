import { schema } from '../../../clients/entities.ts'
import { send } from '../../../server/wire.ts'
import { socketClient } from '../../../world/client.ts'
import type { Person } from '../../../world/person.ts'
import type { Call } from './stage.ts'

export interface GivenError {
  message: string
  path?: readonly (string | number)[]
  extensions: Record<string, unknown>
}

/** The operation of a mutation with its input as a variable. */
export function textOf(mutation: string): string {
  const field = schema.getMutationType()?.getFields()[mutation]
  const [input] = field?.args ?? []
  return input
    ? `mutation ($input: ${input.type}) { ${mutation}(input: $input) { __typename } }`
    : `mutation { ${mutation} { __typename } }`
}

/** Calls a mutation, or the operation of the call, and returns the errors. */
export async function perform(
  { url }: Pick<Person, 'url'>,
  mutation: string,
  { as, text, input, headers = {}, upTo = 1, until, socket = false }: Call,
): Promise<GivenError[]> {
  const query = text ?? textOf(mutation)
  const token = as?.credentials.accessToken
  if (socket) return overSocket(url, token ?? null, query, input)
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const body = JSON.stringify({ query, variables: { input } })
  for (let tries = 1; ; tries += 1) {
    const { errors = [] } = (await send(url, body, { ...authorization, ...headers })).body
    const wanted = errors.some(({ extensions }) => until === undefined || extensions.code === until)
    if (wanted || tries >= upTo) return errors
  }
}

async function overSocket(
  url: string,
  token: string | null,
  query: string,
  input?: object,
): Promise<GivenError[]> {
  const client = socketClient(url, () => token)
  try {
    const { value } = await client.iterate({ query, variables: { input } }).next()
    return (value?.errors ?? []) as GivenError[]
  } catch (errors) {
    if (Array.isArray(errors)) return errors as GivenError[]
    throw errors
  } finally {
    await client.dispose()
  }
}
