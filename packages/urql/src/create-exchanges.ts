import {
  type AdapterOptions,
  type Carrier,
  createCarrier,
  createOrder,
  follow,
  type InboxEvent,
  type OwnSession,
  type Session,
} from '@parlance/client/adapter'
import {
  type Client,
  type DocumentInput,
  type Exchange,
  fetchExchange,
  makeOperation,
  type OperationResult,
  subscriptionExchange,
} from '@urql/core'
import { inArrivalOrder } from './arrival.ts'

/** Operations of the application. They select `id` and `version` of messages and conversations, and `seq` of messages. */
export interface Documents {
  /** The first screen, with `syncCursor`. */
  first: DocumentInput
  /** A subscription `inbox(after: $after, streamId: $streamId)`. */
  inbox: DocumentInput
  /** A query `conversationChanges(since: $since)`. */
  changes: DocumentInput
}

export interface ParlanceExchanges extends Pick<Carrier, 'session' | 'connection' | 'close'> {
  /** To be used after the cache. */
  readonly exchanges: Exchange[]
  /** Loads the first screen and keeps the cache equal to the server, until `close` or until the returned function is called. */
  follow(client: Client, documents: Documents): () => void
}

export function createParlanceExchanges(
  options: OwnSession,
): ParlanceExchanges & { readonly session: Session }
export function createParlanceExchanges(options: AdapterOptions): ParlanceExchanges
export function createParlanceExchanges(options: AdapterOptions): ParlanceExchanges {
  const carrier = createCarrier(options)
  const order = createOrder<OperationResult>(carrier.wake)
  const stopWatching = carrier.session?.state.subscribe(order.clear)
  const inOrder = inArrivalOrder(order, (operation) =>
    makeOperation(operation.kind, operation, {
      ...operation.context,
      ...{ url: `${options.url}/graphql`, fetch: carrier.fetch, preferGetMethod: false },
    }),
  )

  const subscriptions = subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {} }) => ({
      subscribe: ({ next, error, complete }) => ({
        unsubscribe: carrier.subscribe<Record<string, unknown>>(query, variables, {
          next: (data) => next({ data }),
          end: (cause) => (cause ? error(cause) : complete()),
        }),
      }),
    }),
  })

  return {
    session: carrier.session,
    connection: carrier.connection,
    exchanges: [inOrder, fetchExchange, subscriptions],
    follow(client, { first, inbox, changes }) {
      const ask = async <Data>(document: DocumentInput, variables: object): Promise<Data> => {
        const asked = client.query(document, variables, { requestPolicy: 'network-only' })
        const { data, error } = await asked.toPromise()
        if (data) return data as Data
        throw error ?? new Error('There was no answer.')
      }
      return follow({
        ...{ wake: carrier.wake, closed: carrier.closed, order },
        load: () => ask<{ syncCursor: string }>(first, {}),
        async pull(conversationId, afterVersion) {
          type Answer = { conversationChanges: { version: number; hasMore: boolean }[] }
          const answer = await ask<Answer>(changes, { since: [{ conversationId, afterVersion }] })
          return answer.conversationChanges[0] ?? null
        },
        open(variables, sink) {
          const { unsubscribe } = client.subscription(inbox, variables).subscribe(({ data, error }) => {
            if (data) sink.next((data as { inbox: InboxEvent }).inbox)
            else if (error) sink.end(null)
          })
          return unsubscribe
        },
        // The event itself has done so, in the cache.
        async reset() {},
      })
    },
    close() {
      stopWatching?.()
      carrier.close()
    },
  }
}
