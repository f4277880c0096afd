import { ApolloClient, gql as apolloGql, InMemoryCache } from '@apollo/client'
import { createParlanceLink, parlanceCache } from '@parlance/apollo'
import { createParlanceExchanges, parlanceGraphcache } from '@parlance/urql'
import { Client, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { parse } from 'graphql'
import { onTestFinished } from 'vitest'
import { graphcacheSchema } from '../../../packages/codegen/src/graphcache-schema.ts'
import { publishedSchema } from '../../clients/chat-app.ts'
import * as documents from './documents.ts'
import type { FakeServer, Reader } from './fake-server.ts'

const { Changes, First, Inbox } = documents
const schema = graphcacheSchema(
  await publishedSchema(),
  Object.values(documents).map((text) => parse(text)),
)

/** An edit shows before the server answers. */
const optimistic = {
  editMessage: ({ input }: { input?: { messageId?: string } }) => ({
    __typename: 'EditMessagePayload',
    message: { __typename: 'Message', id: input?.messageId, seq: 1, version: 1, plainText: 'optimistic' },
  }),
}

function urql({ options }: FakeServer): Reader {
  const parlance = createParlanceExchanges(options)
  onTestFinished(parlance.close)
  const client = new Client({
    ...{ url: options.url, preferGetMethod: false },
    exchanges: [cacheExchange({ ...parlanceGraphcache(schema as never), optimistic }), ...parlance.exchanges],
  })
  return {
    asks: (document, variables = {}) =>
      client.query(document, variables, { requestPolicy: 'network-only' }).toPromise(),
    mutates: (document, variables = {}) => client.mutation(document, variables).toPromise(),
    // By another name, since reading a query that is asked for would end the request.
    holds: (document, variables = {}) =>
      client.readQuery(document.replace('query ', 'query Held'), variables, { requestPolicy: 'cache-only' })
        ?.data ?? null,
    close: parlance.close,
    follow() {
      const stop = parlance.follow(client, { first: gql(First), inbox: gql(Inbox), changes: gql(Changes) })
      onTestFinished(stop)
      return stop
    },
  }
}

function apollo({ options }: FakeServer): Reader {
  const parlance = createParlanceLink(options)
  const client = new ApolloClient({ link: parlance.link, cache: new InMemoryCache(parlanceCache()) })
  onTestFinished(() => {
    client.stop()
    parlance.close()
  })
  return {
    asks: (document, variables = {}) =>
      client.query({ query: apolloGql(document), variables, fetchPolicy: 'network-only' }),
    mutates: (document, variables = {}) =>
      client.mutate({
        ...{ mutation: apolloGql(document), variables },
        optimisticResponse: { editMessage: optimistic.editMessage({ input: { messageId: variables.id } }) },
      }),
    holds: (document, variables = {}) => client.readQuery({ query: apolloGql(document), variables }),
    close: parlance.close,
    follow() {
      const [first, inbox, changes] = [apolloGql(First), apolloGql(Inbox), apolloGql(Changes)]
      const stop = parlance.follow(client, { first, inbox, changes })
      onTestFinished(stop)
      return stop
    },
  }
}

export const readers: Record<string, (server: FakeServer) => Reader> = { urql, apollo }
