import { type ApolloClient, ApolloLink, type DocumentNode, HttpLink, Observable } from '@apollo/client'
import {
  type AdapterOptions,
  type Carrier,
  createCarrier,
  createNewest,
  createProgress,
  follow,
  type OwnSession,
  type Progress,
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
  /** Loads the first screen and keeps the cache equal to the server, until the returned function is called. */
  follow(client: ApolloClient, documents: Documents): () => void
}

export function createParlanceLink(options: OwnSession): ParlanceLink & { readonly session: Session }
export function createParlanceLink(options: AdapterOptions): ParlanceLink
export function createParlanceLink(options: AdapterOptions): ParlanceLink {
  const carrier = createCarrier(options)
  const newest = createNewest()
  const followed = new Set<Progress>()
  const stopWatching = carrier.session?.state.subscribe(newest.clear)
  const isSubscription = ({ operationType }: ApolloLink.Operation) =>
    operationType === OperationTypeNode.SUBSCRIPTION

  /** The cache would take an answer that an event overtook. */
  const inOrder = new ApolloLink((operation, forward) => {
    const since = isSubscription(operation) ? undefined : newest.now()
    return forward(operation).pipe(
      map((result) => {
        const data = newest.read(result.data, since)
        // As it was answered: an older version says that the page lacks something.
        if (since !== undefined) for (const progress of followed) progress.read(result.data)
        return { ...result, data } as ApolloLink.Result
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
      const progress = createProgress(async (conversationId, afterVersion) => {
        const variables = { since: [{ conversationId, afterVersion }] }
        const { data } = await client.query({ query: changes, variables, fetchPolicy: 'no-cache' })
        fold(changes, data as FoldedData)
        return (
          (data as { conversationChanges: { version: number; hasMore: boolean }[] }).conversationChanges[0] ??
          null
        )
      }, carrier.wake)
      followed.add(progress)
      const stop = follow({
        ...{ wake: carrier.wake, progress },
        async load() {
          const { data } = await client.query({ query: first, fetchPolicy: 'network-only' })
          return (data as { syncCursor: string }).syncCursor
        },
        open(variables, sink) {
          const events = client.subscribe({ query: inbox, variables, fetchPolicy: 'no-cache' })
          const subscription = events.subscribe({
            next({ data }) {
              if (!data) return
              fold(inbox, data)
              sink.next((data as Required<FoldedData>).inbox)
            },
            error: () => sink.end(null),
            complete: () => sink.end(null),
          })
          return () => subscription.unsubscribe()
        },
      })
      return () => {
        followed.delete(progress)
        stop()
      }
    },
    close() {
      stopWatching?.()
      carrier.close()
    },
  }
}
