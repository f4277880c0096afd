import { randomUUID } from 'node:crypto'
import { ApolloClient, CombinedGraphQLErrors, InMemoryCache } from '@apollo/client'
import { createParlanceLink, parlanceCache } from '@parlance/apollo'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type AppSettings, type ChatApp, notingFetch } from '../../clients/chat-app.ts'
import {
  FirstScreen,
  LiveScreen,
  OpenConversation,
  PullChanges,
  ReadUpTo,
  SendBubble,
} from '../../clients/operations.ts'
import { eventually } from '../../world/eventually.ts'

/** A chat that leaves the network and the cache to @parlance/apollo. */
export async function apolloApp({ url, person, fetch }: AppSettings): Promise<ChatApp> {
  const received: string[] = []
  const requests: string[] = []
  const parlance = createParlanceLink({
    ...{ url, fetch: notingFetch(requests, fetch) },
    accessToken: async () => person.credentials.accessToken,
    webSocket: (address, protocol) => {
      const socket = new WebSocket(address, protocol)
      socket.on('message', (frame) => received.push(...(String(frame).match(/[A-Z]\w+Signal/) ?? [])))
      return socket
    },
  })
  const client = new ApolloClient({ link: parlance.link, cache: new InMemoryCache(parlanceCache()) })
  const list = () => client.readQuery({ query: FirstScreen })
  let stop = () => {}
  onTestFinished(() => {
    stop()
    client.stop()
    parlance.close()
  })

  return {
    ...{ received, requests, list },
    history: (id) => client.readQuery({ query: OpenConversation, variables: { id } }),
    async start() {
      stop = parlance.follow(client, { first: FirstScreen, inbox: LiveScreen, changes: PullChanges })
      await eventually(() => {
        if (!list() || parlance.connection.get() !== 'open')
          throw new Error('The first screen is not loaded.')
      })
    },
    async opens(id) {
      await client.query({ query: OpenConversation, variables: { id }, fetchPolicy: 'network-only' })
    },
    async sends(conversationId, text) {
      const input = { conversationId, clientMessageId: randomUUID(), content: { text } }
      await client.mutate({ mutation: SendBubble, variables: { input } })
    },
    async reads(conversationId, readSeq) {
      const read = () => client.mutate({ mutation: ReadUpTo, variables: { conversationId, readSeq } })
      // Reading twice is reading once.
      for (let isRead = false; !isRead; )
        isRead = await read().then(
          () => true,
          (error: unknown) => {
            if (CombinedGraphQLErrors.is(error)) throw error
            return false
          },
        )
    },
  }
}
