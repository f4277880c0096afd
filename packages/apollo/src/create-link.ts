import { type ApolloClient, ApolloLink, type DocumentNode, HttpLink, Observable } from '@apollo/client'
import {
  type AdapterOptions,
  type Carrier,
  createCarrier,
  createOrder,
  follow,
  type OwnSession,
  type Session,
} from '@parlance/client/adapter'
import { OperationTypeNode, print } from 'graphql'
import { map } from 'rxjs'
import { type FoldedData, foldInto } from './fold-into.ts'

/** Operations of the application. They select `id` and `version` of messages and conversations, and `seq` of messages. */
export interface Documents {
  /** The first screen, with `syncCursor`. */
  first: DocumentNode
  /** A subscription `inbox(after: $after, streamId: $streamId)`. */
  inbox: DocumentNode
  /** A query `conversationChanges(since: $since)`. */
  changes: DocumentNode
}

export interface ParlanceLink extends Pick<Carrier, 'session' | 'connection' | 'close'> {
  readonly link: ApolloLink
  /** Loads the first screen and keeps the cache equal to the server, until `close` or until the returned function is called. */
  follow(client: ApolloClient, documents: Documents): () => void
}

export function createParlanceLink(options: OwnSession): ParlanceLink & { readonly session: Session }
export function createParlanceLink(options: AdapterOptions): ParlanceLink
export function createParlanceLink(options: AdapterOptions): ParlanceLink {
  const carrier = createCarrier(options)
  const order = createOrder<FoldedData>(carrier.wake)
  const folds = new Set<(event: FoldedData) => void>()
  const stopWatching = carrier.session?.state.subscribe(order.clear)
  const isSubscription = ({ operationType }: ApolloLink.Operation) =>
    operationType === OperationTypeNode.SUBSCRIPTION

  /** Once the cache has an answer. */
  function foldAgain(sentAt: number): void {
    for (const event of order.overtaking(sentAt)) for (const fold of folds) fold(event)
  }

  /** The cache would take an answer that an event overtook. */
  const inOrder = new ApolloLink((operation, forward) => {
    const sentAt = order.now()
    return forward(operation).pipe(
      map((result) => {
        const { data } = result
        if (isSubscription(operation))
          return { ...result, data: order.event(data, (again) => again as FoldedData) } as ApolloLink.Result
        queueMicrotask(() => foldAgain(sentAt))
        return { ...result, data: order.answer(data, sentAt) } as ApolloLink.Result
      }),
    )
  })

  const subscriptions = new ApolloLink(
    ({ query, variables }) =>
      new Observable((observer) =>
        carrier.subscribe<Record<string, unknown>>(print(query), variables, {
          next: (data) => observer.next({ data }),
          end: (error) => (error ? observer.error(error) : observer.complete()),
        }),
      ),
  )
  const http = new HttpLink({ uri: `${options.url}/graphql`, fetch: carrier.fetch })

  return {
    session: carrier.session,
    connection: carrier.connection,
    link: inOrder.concat(ApolloLink.split(isSubscription, subscriptions, http)),
    follow(client, { first, inbox, changes }) {
      const fold = foldInto(client.cache)
      const foldEvent = (event: FoldedData) => fold(inbox, event)
      folds.add(foldEvent)
      const stop = follow({
        ...{ wake: carrier.wake, closed: carrier.closed, order },
        async load() {
          const { data } = await client.query({ query: first, fetchPolicy: 'network-only' })
          return data as { syncCursor: string }
        },
        async pull(conversationId, afterVersion) {
          const variables = { since: [{ conversationId, afterVersion }] }
          const { data } = await client.query({ query: changes, variables, fetchPolicy: 'no-cache' })
          const answer = data as FoldedData & { conversationChanges: { version: number; hasMore: boolean }[] }
          fold(changes, answer)
          return answer.conversationChanges[0] ?? null
        },
        open(variables, sink) {
          const events = client.subscribe({ query: inbox, variables, fetchPolicy: 'no-cache' })
          const subscription = events.subscribe({
            next({ data }) {
              if (!data) return
              foldEvent(data)
              sink.next((data as Required<FoldedData>).inbox)
            },
            error: () => sink.end(null),
            complete: () => sink.end(null),
          })
          return () => subscription.unsubscribe()
        },
        async reset() {
          // A query of the application that fails now has an error of its own.
          await client.resetStore().catch(() => {})
        },
      })
      return () => {
        folds.delete(foldEvent)
        stop()
      }
    },
    close() {
      stopWatching?.()
      carrier.close()
    },
  }
}
