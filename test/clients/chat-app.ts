import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { buildSchema, type GraphQLSchema, print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { FirstScreenQuery, OpenConversationQuery } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'

/** A small chat application, whatever library it is made with. */
export interface ChatApp {
  /** Loads the first screen, and listens from there on. */
  start(): Promise<void>
  opens(conversationId: string): Promise<void>
  sends(conversationId: string, text: string): Promise<void>
  reads(conversationId: string, readSeq: number): Promise<void>
  /** What it holds of the list and of an open conversation, without asking anybody. */
  list(): FirstScreenQuery | null
  history(conversationId: string): OpenConversationQuery | null
  /** The types of the events it was told, in order. */
  readonly told: string[]
  /** The names of the operations that left over HTTP. */
  readonly requests: string[]
}

export interface AppSettings {
  url: string
  person: Person
}

/** The stock client as docs/protocol.md asks for it: it never gives up, and asks for the present token. */
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

/** The fetch of an application, which notes what it is used for. */
export function notingFetch(requests: string[]): typeof fetch {
  return (input, init) => {
    const url = new URL(String(input))
    const parameters = init?.body ? (JSON.parse(String(init.body)) as { operationName?: string }) : null
    requests.push(parameters?.operationName ?? url.searchParams.get('operationName') ?? '')
    return fetch(input, init)
  }
}

/** One answer over the socket; an operation that a cut interrupts is sent again by the client. */
export async function askOver<Data, Variables extends Record<string, unknown>>(
  socket: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  // To leave the loop tells the client that the answer has come, even if the end of the operation was cut off.
  for await (const { data, errors } of socket.iterate<Data>({ query: print(document), variables })) {
    if (data) return data
    throw new Error(errors?.[0]?.message)
  }
  throw new Error('There was no answer.')
}

/** Reports how far a reader has come: one report at a time, and always of the latest. */
export function acknowledger(report: (cursor: string) => Promise<unknown>): (cursor: string) => void {
  let latest: string | null = null
  let reporting = false
  async function run(): Promise<void> {
    if (reporting) return
    reporting = true
    while (latest) {
      const cursor = latest
      latest = null
      // A report that is lost is made good by the next.
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
