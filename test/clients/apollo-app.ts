import { randomUUID } from 'node:crypto'
import { type ApolloCache, ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { RetryLink } from '@apollo/client/link/retry'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { onTestFinished } from 'vitest'
import { describeCache } from '../../packages/codegen/src/cache-description.ts'
import { Acknowledge } from '../world/operations.ts'
import {
  type AppSettings,
  acknowledger,
  type ChatApp,
  notingFetch,
  patientSocket,
  publishedSchema,
} from './chat-app.ts'
import { type Lists, openCurrent, place, placeChanges, unsent, withBubbles } from './lists.ts'
import { FirstScreen, LiveScreen, OpenConversation, PullChanges, ReadUpTo, SendBubble } from './operations.ts'
import { Progress } from './progress.ts'

export async function apolloApp(settings: AppSettings): Promise<ChatApp> {
  const { person } = settings
  const received: string[] = []
  const requests: string[] = []
  const client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(patientSocket(settings)),
      patientHttp(settings, requests),
    ),
    cache: new InMemoryCache({
      possibleTypes: describeCache(await publishedSchema()).possibleTypes,
      // Each event is independent of the previous one.
      typePolicies: { Subscription: { fields: { inbox: { merge: false } } } },
    }),
  })
  onTestFinished(() => client.stop())
  const lists = listsIn(client.cache)
  const progress = new Progress(async (conversationId, afterVersion) => {
    const since = [{ conversationId, afterVersion }]
    const query = { query: PullChanges, variables: { since }, fetchPolicy: 'network-only' } as const
    const [changes] = (await client.query(query)).data?.conversationChanges ?? []
    if (changes) placeChanges(lists, changes)
    return changes
  })
  const acknowledge = acknowledger((cursor) =>
    client.mutate({ mutation: Acknowledge, variables: { cursor }, fetchPolicy: 'no-cache' }),
  )

  return {
    received,
    requests,
    list: () => client.readQuery({ query: FirstScreen }),
    history: (id) => client.readQuery({ query: OpenConversation, variables: { id } }),
    async start() {
      const { data } = await client.query({ query: FirstScreen })
      for (const { node } of data?.conversations.edges ?? []) progress.holds(node.id, node.version)
      const live = client.subscribe({ query: LiveScreen, variables: { after: data?.syncCursor } })
      const subscription = live.subscribe(({ data }) => {
        if (!data) return
        place(lists, data.inbox)
        progress.receive(data.inbox)
        received.push(data.inbox.__typename)
        acknowledge(data.inbox.cursor)
      })
      onTestFinished(() => subscription.unsubscribe())
    },
    async opens(id) {
      const query = { query: OpenConversation, variables: { id }, fetchPolicy: 'network-only' } as const
      await openCurrent(progress, id, async () => (await client.query(query)).data)
    },
    async sends(conversationId, text) {
      const clientMessageId = randomUUID()
      const shown = unsent({ conversationId, clientMessageId, text, sender: person })
      await client.mutate({
        mutation: SendBubble,
        variables: { input: { conversationId, clientMessageId, content: { text } } },
        optimisticResponse: { sendMessage: { message: { __typename: 'Message', id: shown.id } } },
        // Called for the optimistic result and the real one: the bubble stays until its echo arrives.
        update: (cache) => listsIn(cache).changeHistory(conversationId, (open) => withBubbles(open, [shown])),
      })
    },
    async reads(conversationId, readSeq) {
      await client.mutate({ mutation: ReadUpTo, variables: { conversationId, readSeq } })
    },
  }
}

/** Retries until there is a response; the key of a message makes sends idempotent. */
function patientHttp({ url, person }: AppSettings, requests: string[]): ApolloLink {
  const http = new HttpLink({
    uri: `${url}/graphql`,
    headers: { authorization: `Bearer ${person.credentials.accessToken}` },
    fetch: notingFetch(requests),
  })
  const retry = new RetryLink({
    delay: { initial: 5, max: 20 },
    attempts: { max: Number.POSITIVE_INFINITY, retryIf: () => true },
  })
  return ApolloLink.from([retry, http])
}

function listsIn(cache: Pick<ApolloCache, 'updateQuery'>): Lists {
  return {
    changeScreen(change) {
      cache.updateQuery({ query: FirstScreen }, (screen) => (screen ? change(screen) : undefined))
    },
    changeHistory(id, change) {
      const variables = { id }
      cache.updateQuery({ query: OpenConversation, variables }, (open) => (open ? change(open) : undefined))
    },
  }
}
