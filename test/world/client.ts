import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { type Client, type ClientOptions, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { faultsOfExtensions } from './error-shape.ts'

/** A refusal as a client sees it. */
export class Refused extends Error {
  readonly code: string
  readonly extensions: Record<string, unknown>

  constructor(error: { message: string; extensions?: Record<string, unknown> }) {
    super(`${String(error.extensions?.code)}: ${error.message}`)
    this.code = String(error.extensions?.code)
    this.extensions = error.extensions ?? {}
  }
}

/** Root fields whose null is an answer. Any other null comes with an error, which is thrown. */
type Optional = 'conversation' | 'groupInvite' | 'media' | 'message' | 'user' | 'userByHandle'

export type Answered<Data> = {
  [Field in keyof Data]: Field extends Optional ? Data[Field] : NonNullable<Data[Field]>
}

/** An object of a payload; a null, for one that went out of reach meanwhile, is thrown as NOT_FOUND. */
export function present<Value>(value: Value): NonNullable<Value> {
  if (value === null || value === undefined)
    throw new Refused({ message: 'There is no value.', extensions: { code: 'NOT_FOUND' } })
  return value
}

/** Throws if an error has other extensions than are documented. */
export function expectKnownShape(errors: readonly { extensions?: unknown }[] = []): void {
  for (const { extensions } of errors) {
    const faults = faultsOfExtensions(extensions)
    if (faults.length > 0) throw new Error(`${faults.join(', ')} in ${JSON.stringify(extensions)}`)
  }
}

/** Performs one operation over HTTP. */
export async function perform<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  accessToken: string | null,
): Promise<Answered<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
    },
    body: JSON.stringify({ query: print(document), variables }),
  })
  const result = (await response.json()) as {
    data?: Data
    errors?: { message: string; extensions?: Record<string, unknown> }[]
  }
  const [error] = result.errors ?? []
  expectKnownShape(result.errors)
  if (error) throw new Refused(error)
  if (!result.data) throw new Error(`No data and no error: ${response.status}`)
  return result.data as Answered<Data>
}

/** The error code of a refused promise; throws if it is not refused. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  return (await refusalOf(promise)).code
}

/** null for NOT_FOUND, for objects that may be out of reach when they are read. */
export function onlyNotFound(error: unknown): null {
  if (error instanceof Refused && error.code === 'NOT_FOUND') return null
  throw error
}

export async function refusalOf(promise: Promise<unknown>): Promise<Refused> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome && outcome.error instanceof Refused) return outcome.error
  if ('error' in outcome) throw outcome.error
  throw new Error(`It was not refused: ${JSON.stringify(outcome.value)}`)
}

/** A stock client over a WebSocket, signed in by an access token. */
export function socketClient(
  url: string,
  accessToken: () => string | null,
  options: Partial<ClientOptions> = {},
): Client {
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: () => {
      const token = accessToken()
      return token ? { authorization: `Bearer ${token}` } : {}
    },
    retryAttempts: 0,
    retryWait: async () => {},
    lazy: true,
    ...options,
  })
}
