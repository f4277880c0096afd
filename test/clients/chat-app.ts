import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { buildSchema, type GraphQLSchema, print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { FirstScreenQuery, OpenConversationQuery } from '../generated/graphql.ts'
import type { Answered } from '../world/client.ts'
import type { Person } from '../world/person.ts'

/** A small chat application, independent of its client library. */
export interface ChatApp {
  /** Loads the first screen and subscribes from there on. */
  start(): Promise<void>
  opens(conversationId: string): Promise<void>
  sends(conversationId: string, text: string): Promise<void>
  reads(conversationId: string, readSeq: number): Promise<void>
  /** The list and an open conversation from the cache, without a request. */
  list(): FirstScreenQuery | null
  history(conversationId: string): OpenConversationQuery | null
  /** The types of the received events, in order. */
  readonly received: string[]
  /** The names of the operations sent over HTTP. */
  readonly requests: string[]
}

export interface AppSettings {
  url: string
  person: Person
  /** Default: that of Node. */
  fetch?: typeof fetch
}

/** The stock client, configured by docs/protocol.md: it retries for ever and reads the current token. */
export function patientSocket({ url, person }: AppSettings): Client {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ authorization: `Bearer ${person.credentials.accessToken}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: () => pause(5),
  })
  onTestFinished(() => client.dispose())
  return client
}

/** A fetch that records the operations of an application. */
export function notingFetch(requests: string[], send: typeof fetch = fetch): typeof fetch {
  return (input, init) => {
    const url = new URL(String(input))
    const parameters = init?.body ? (JSON.parse(String(init.body)) as { operationName?: string }) : null
    requests.push(parameters?.operationName ?? url.searchParams.get('operationName') ?? '')
    return send(input, init)
  }
}

/** One result over the socket; the client retries an operation that a cut interrupted. */
export async function askOver<Data, Variables extends Record<string, unknown>>(
  socket: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Answered<Data>> {
  // Leaving the loop completes the operation, even if its end was cut off.
  for await (const { data, errors } of socket.iterate<Data>({ query: print(document), variables })) {
    if (errors?.[0]) throw new Error(errors[0].message)
    if (data) return data as Answered<Data>
  }
  throw new Error('There was no response.')
}

/** Acknowledges cursors: one request at a time, always with the latest cursor. */
export function acknowledger(report: (cursor: string) => Promise<unknown>): (cursor: string) => void {
  let latest: string | null = null
  let reporting = false
  async function run(): Promise<void> {
    if (reporting) return
    reporting = true
    while (latest) {
      const cursor = latest
      latest = null
      // The next acknowledgement covers a lost one.
      await report(cursor).catch(() => {})
    }
    reporting = false
  }
  return (cursor) => {
    latest = cursor
    void run()
  }
}

export async function publishedSchema(): Promise<GraphQLSchema> {
  return buildSchema(await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8'))
}
