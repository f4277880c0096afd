import { randomUUID } from 'node:crypto'
import { createParlanceExchanges, parlanceGraphcache } from '@parlance/urql'
import { Client, type DocumentInput } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { graphcacheSchema } from '../../../packages/codegen/src/graphcache-schema.ts'
import { type AppSettings, type ChatApp, notingFetch, publishedSchema } from '../../clients/chat-app.ts'
import {
  FirstScreen,
  LiveScreen,
  OpenConversation,
  PullChanges,
  ReadUpTo,
  SendBubble,
} from '../../clients/operations.ts'
import type { FirstScreenQuery, OpenConversationQuery } from '../../generated/graphql.ts'
import { eventually } from '../../world/eventually.ts'

const documents = [FirstScreen, LiveScreen, OpenConversation, PullChanges, ReadUpTo, SendBubble]

/** A chat that leaves the network and the cache to @parlance/urql. */
export async function urqlApp({ url, person, fetch }: AppSettings): Promise<ChatApp> {
  const received: string[] = []
  const requests: string[] = []
  const parlance = createParlanceExchanges({
    ...{ url, fetch: notingFetch(requests, fetch) },
    accessToken: async () => person.credentials.accessToken,
    webSocket: (address, protocol) => {
      const socket = new WebSocket(address, protocol)
      socket.on('message', (frame) => received.push(...(String(frame).match(/[A-Z]\w+Signal/) ?? [])))
      return socket
    },
  })
  const schema = graphcacheSchema(await publishedSchema(), documents) as never
  const client = new Client({
    ...{ url, preferGetMethod: false },
    exchanges: [cacheExchange(parlanceGraphcache(schema)), ...parlance.exchanges],
  })
  const held = <Data>(query: DocumentInput, variables: object) =>
    (client.readQuery(query, variables, { requestPolicy: 'cache-only' })?.data ?? null) as Data | null
  const list = () => held<FirstScreenQuery>(FirstScreen, {})
  let stop = () => {}
  onTestFinished(() => {
    stop()
    parlance.close()
  })

  return {
    ...{ received, requests, list },
    history: (id) => held<OpenConversationQuery>(OpenConversation, { id }),
    async start() {
      stop = parlance.follow(client, { first: FirstScreen, inbox: LiveScreen, changes: PullChanges })
      await eventually(() => {
        if (!list() || parlance.connection.get() !== 'open')
          throw new Error('The first screen is not loaded.')
      })
    },
    async opens(id) {
      await client.query(OpenConversation, { id }, { requestPolicy: 'network-only' }).toPromise()
    },
    async sends(conversationId, text) {
      const input = { conversationId, clientMessageId: randomUUID(), content: { text } }
      const { error } = await client.mutation(SendBubble, { input }).toPromise()
      if (error) throw error
    },
    async reads(conversationId, readSeq) {
      const read = () => client.mutation(ReadUpTo, { conversationId, readSeq }).toPromise()
      // Reading twice is reading once.
      let { error } = await read()
      while (error?.networkError) error = (await read()).error
      if (error) throw error
    },
  }
}
