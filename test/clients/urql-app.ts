import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import {
  type AnyVariables,
  Client,
  type CombinedError,
  createRequest,
  fetchExchange,
  subscriptionExchange,
} from '@urql/core'
import { type Cache, cacheExchange } from '@urql/exchange-graphcache'
import { introspectionFromSchema } from 'graphql'
import type { Client as SocketClient } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import { parlanceGraphcache } from '../../packages/urql/src/options.ts'
import type {
  FirstScreenQuery,
  LiveScreenSubscription,
  OpenConversationQuery,
  OpenConversationQueryVariables,
  PullChangesQuery,
} from '../generated/graphql.ts'
import { Acknowledge } from '../world/operations.ts'
import {
  type AppSettings,
  acknowledger,
  askOver,
  type ChatApp,
  notingFetch,
  patientSocket,
  publishedSchema,
} from './chat-app.ts'
import { type Lists, openCurrent, place, placeChanges } from './lists.ts'
import { FirstScreen, LiveScreen, OpenConversation, PullChanges, ReadUpTo, SendBubble } from './operations.ts'
import { Progress } from './progress.ts'

export async function urqlApp(settings: AppSettings): Promise<ChatApp> {
  const received: string[] = []
  const requests: string[] = []
  const socket = patientSocket(settings)
  const client = await createClient(settings, { socket, requests })
  const ended = new AbortController()
  onTestFinished(() => ended.abort())
  const progress = new Progress(async (conversationId, afterVersion) => {
    const since = [{ conversationId, afterVersion }]
    const ask = () => client.query(PullChanges, { since }, { requestPolicy: 'network-only' }).toPromise()
    return (await insist(ask, ended.signal)).conversationChanges[0]
  })
  // It changes no cached object, and the cache waits for mutations in flight.
  const acknowledge = acknowledger((cursor) => askOver(socket, Acknowledge, { cursor }))
  const screen = new Mounted(client, FirstScreen, {})
  const histories = new Map<string, Mounted<OpenConversationQuery, OpenConversationQueryVariables>>()

  return {
    received,
    requests,
    list: () => screen.shown,
    history: (id) => histories.get(id)?.shown ?? null,
    async start() {
      const { syncCursor, conversations } = await screen.load()
      for (const { node } of conversations.edges) progress.holds(node.id, node.version)
      const { unsubscribe } = client.subscription(LiveScreen, { after: syncCursor }).subscribe(({ data }) => {
        if (!data) return
        progress.receive(data.inbox)
        received.push(data.inbox.__typename)
        acknowledge(data.inbox.cursor)
      })
      onTestFinished(unsubscribe)
    },
    async opens(id) {
      const history = new Mounted(client, OpenConversation, { id })
      histories.set(id, history)
      await openCurrent(progress, id, () => history.load())
    },
    async sends(conversationId, text) {
      const input = { conversationId, clientMessageId: randomUUID(), content: { text } }
      await insist(() => client.mutation(SendBubble, { input }).toPromise())
    },
    async reads(conversationId, readSeq) {
      await insist(() => client.mutation(ReadUpTo, { conversationId, readSeq }).toPromise())
    },
  }
}

/** An active query and its result from the cache. */
class Mounted<Data, Variables extends AnyVariables> {
  shown: Data | null = null
  readonly #fetch: () => void
  readonly #answered = new EventEmitter()

  constructor(client: Client, query: TypedDocumentNode<Data, Variables>, variables: Variables) {
    const request = createRequest(query, variables)
    const operation = client.createRequestOperation('query', request, { requestPolicy: 'network-only' })
    this.#fetch = () => client.reexecuteOperation(operation)
    const held = client.createRequestOperation('query', request, { requestPolicy: 'cache-only' })
    const { unsubscribe } = client
      .executeRequestOperation<Data>(held)
      .subscribe(({ data, error, operation }) => {
        if (data) this.shown = data
        if (operation.context.requestPolicy === 'network-only') this.#answered.emit('answer', { data, error })
      })
    onTestFinished(unsubscribe)
  }

  load(): Promise<Data> {
    return insist(async () => {
      const answered = once(this.#answered, 'answer')
      this.#fetch()
      const [answer] = (await answered) as [Answer<Data>]
      return answer
    })
  }
}

interface Answer<Data> {
  data?: Data
  error?: CombinedError
}

async function createClient(
  settings: AppSettings,
  { socket, requests }: { socket: SocketClient; requests: string[] },
): Promise<Client> {
  const schema = await publishedSchema()
  return new Client({
    url: `${settings.url}/graphql`,
    fetch: notingFetch(requests),
    fetchOptions: { headers: { authorization: `Bearer ${settings.person.credentials.accessToken}` } },
    exchanges: [
      cacheExchange({
        schema: introspectionFromSchema(schema),
        keys: parlanceGraphcache().keys,
        updates: {
          // Without this updater Graphcache invalidates all cached messages when a new one is sent.
          Mutation: { sendMessage: () => {} },
          Subscription: {
            inbox: ({ inbox }: LiveScreenSubscription, _args, cache) => place(listsIn(cache), inbox),
          },
          Query: {
            conversationChanges: ({ conversationChanges }: PullChangesQuery, _args, cache) => {
              for (const changes of conversationChanges) placeChanges(listsIn(cache), changes)
            },
          },
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  })
}

function listsIn(cache: Cache): Lists {
  return {
    changeScreen(change) {
      cache.updateQuery<FirstScreenQuery>({ query: FirstScreen }, (screen) => screen && change(screen))
    },
    changeHistory(id, change) {
      cache.updateQuery({ query: OpenConversation, variables: { id } }, (open) => open && change(open))
    },
  }
}

/** Retries until there is a response; the key of a message makes sends idempotent. */
async function insist<Data>(ask: () => Promise<Answer<Data>>, signal?: AbortSignal): Promise<Data> {
  for (;;) {
    signal?.throwIfAborted()
    const { data, error } = await ask()
    if (data) return data
    if (!error?.networkError) throw error ?? new Error('There was no response.')
    await pause(5)
  }
}
