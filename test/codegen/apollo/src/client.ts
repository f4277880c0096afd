import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { relayStylePagination } from '@apollo/client/utilities'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'

export function createChatClient(url: string, accessToken: () => string) {
  const http = new HttpLink({ uri: `${url}/graphql` })
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    connectionParams: () => ({ authorization: `Bearer ${accessToken()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  })
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      http,
    ),
    cache: new InMemoryCache({
      typePolicies: {
        Subscription: { fields: { inbox: { merge: false } } },
        DirectConversation: { fields: { messages: relayStylePagination() } },
        GroupConversation: {
          fields: { messages: relayStylePagination(), members: relayStylePagination(['role']) },
        },
      },
    }),
  })
}
