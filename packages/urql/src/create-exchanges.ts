import {
  type AdapterOptions,
  type Carrier,
  createCarrier,
  createNewest,
  createProgress,
  follow,
  type InboxEvent,
  type OwnSession,
  type Progress,
  type Session,
} from '@parlance/client/adapter'
import {
  type Client,
  type DocumentInput,
  type Exchange,
  fetchExchange,
  makeOperation,
  mapExchange,
  subscriptionExchange,
} from '@urql/core'

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
  /** Loads the first screen and keeps the cache equal to the server, until the returned function is called. */
  follow(client: Client, documents: Documents): () => void
}

export function createParlanceExchanges(
  options: OwnSession,
): ParlanceExchanges & { readonly session: Session }
export function createParlanceExchanges(options: AdapterOptions): ParlanceExchanges
export function createParlanceExchanges(options: AdapterOptions): ParlanceExchanges {
  const carrier = createCarrier(options)
  const newest = createNewest()
  const followed = new Set<Progress>()
  const sentAt = new Map<number, number>()
  const stopWatching = carrier.session?.state.subscribe(newest.clear)

  /** The cache would take an answer that an event overtook. */
  const inOrder = mapExchange({
    onOperation(operation) {
      if (operation.kind === 'teardown') return operation
      if (operation.kind !== 'subscription') sentAt.set(operation.key, newest.now())
      const { fetch } = carrier
      const url = `${options.url}/graphql`
      return makeOperation(operation.kind, operation, {
        ...operation.context,
        ...{ url, fetch, preferGetMethod: false },
      })
    },
    onResult(result) {
      const since = sentAt.get(result.operation.key)
      sentAt.delete(result.operation.key)
      const data = newest.read(result.data, since)
      // As it was answered: an older version says that the page lacks something.
      if (result.operation.kind !== 'subscription')
        for (const progress of followed) progress.read(result.data)
      return { ...result, data }
    },
  })

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
      const progress = createProgress(async (conversationId, afterVersion) => {
        type Answer = { conversationChanges: { version: number; hasMore: boolean }[] }
        const answer = await ask<Answer>(changes, { since: [{ conversationId, afterVersion }] })
        return answer.conversationChanges[0] ?? null
      }, carrier.wake)
      followed.add(progress)
      const stop = follow({
        ...{ wake: carrier.wake, progress },
        load: async () => (await ask<{ syncCursor: string }>(first, {})).syncCursor,
        open(variables, sink) {
          const { unsubscribe } = client.subscription(inbox, variables).subscribe(({ data, error }) => {
            if (data) sink.next((data as { inbox: InboxEvent }).inbox)
            else if (error) sink.end(null)
          })
          return unsubscribe
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
