import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { type DocumentNode, OperationTypeNode, print } from 'graphql'
import { onTestFinished } from 'vitest'
import { socketClient } from '../../world/client.ts'
import type { Person } from '../../world/person.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

export interface StockSettings {
  person: Person
  /** The id that the client sends for a document. */
  idOf?: (document: DocumentNode) => string
  /** Whether it sends ids only, and never a document. */
  idsOnly?: boolean
}

/** Notes the bodies or URLs of requests. */
export function notingRequests(): { sent: string[]; fetch: typeof fetch } {
  const sent: string[] = []
  return {
    sent,
    fetch: (input, init) => {
      sent.push(typeof init?.body === 'string' ? init.body : decodeURIComponent(String(input)))
      return fetch(input, init)
    },
  }
}

/** Options of a query of Apollo that is answered by the server each time, with its errors beside the data. */
export const fresh = { fetchPolicy: 'no-cache', errorPolicy: 'all' } as const

const headersOf = (person: Person) => ({ authorization: `Bearer ${person.credentials.accessToken}` })

/** Apollo with its link of persisted queries, in front of HTTP and graphql-ws. */
export function apolloWithIds({ person, idOf = (document) => sha256(print(document)) }: StockSettings) {
  const { sent, fetch } = notingRequests()
  const socket = socketClient(person.url, () => person.credentials.accessToken)
  const client = new ApolloClient({
    link: ApolloLink.from([
      createPersistedQueryLink({ generateHash: async (document) => idOf(document) }),
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        new GraphQLWsLink(socket),
        new HttpLink({ uri: `${person.url}/graphql`, headers: headersOf(person), fetch }),
      ),
    ]),
    cache: new InMemoryCache(),
  })
  onTestFinished(async () => {
    client.stop()
    await socket.dispose()
  })
  return { client, sent }
}

/** urql with its exchange of persisted operations, in front of HTTP and graphql-ws. */
export function urqlWithIds({ person, idOf, idsOnly = false }: StockSettings) {
  const { sent, fetch } = notingRequests()
  const overSocket: object[] = []
  const socket = socketClient(person.url, () => person.credentials.accessToken)
  const client = new Client({
    url: `${person.url}/graphql`,
    preferGetMethod: false,
    fetch,
    fetchOptions: { headers: headersOf(person) },
    exchanges: [
      persistedExchange({
        ...(idOf && { generateHash: async (_text, document) => idOf(document) }),
        enforcePersistedQueries: idsOnly,
        enableForMutation: true,
        enableForSubscriptions: true,
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription(request) {
          const input = { ...request, query: request.query ?? '' }
          overSocket.push(input)
          return { subscribe: (sink) => ({ unsubscribe: socket.subscribe(input, sink) }) }
        },
      }),
    ],
  })
  onTestFinished(async () => socket.dispose())
  return { client, sent, overSocket }
}

/** The first event of a subscription of urql. */
export const firstEvent = (client: Client, stream: DocumentNode) =>
  new Promise<{ data?: unknown }>((resolve) => {
    const subscription = client.subscription(stream, {}).subscribe((result) => {
      resolve(result)
      queueMicrotask(() => subscription.unsubscribe())
    })
  })
