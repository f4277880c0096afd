import { ApolloClient, gql, InMemoryCache } from '@apollo/client'
import { createParlanceLink, parlanceCache } from '@parlance/apollo'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import { chatThroughCuts } from '../../clients/main-job.ts'
import { passwordOf } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { answersAnOvertakenQuery } from '../overtaken.ts'
import { apolloApp } from './app.ts'

const world = useWorld()
const ofLargeGroups = useWorld({ LIMIT_INLINE_GROUP_SIZE: '2' })

test('with @parlance/apollo, the cache equals the server after any number of cuts', () =>
  chatThroughCuts(world, apolloApp))

test('with @parlance/apollo, an answer that a newer event overtook does not undo the event', () =>
  answersAnOvertakenQuery(world, apolloApp))

test('the same holds for large groups, whose changes are pulled', async () => {
  const { received, requests } = await chatThroughCuts(ofLargeGroups, apolloApp)
  expect(received).toContain('ConversationSignal')
  expect(requests).toContain('PullChanges')
})

const Viewer = gql`
  query Viewer {
    me {
      id
    }
  }
`

test('a session signs in, and a token that the server refuses is replaced without an error', async () => {
  const alice = await world.person('alice')
  const sent: (string | null)[] = []
  const parlance = createParlanceLink({
    url: world.url,
    storage: memoryStorage(),
    fetch(input, init) {
      const headers = new Headers(init?.headers)
      sent.push(headers.get('authorization'))
      // The first token has expired by the clock of the server.
      if (sent.length === 2) headers.set('authorization', 'Bearer expired')
      return fetch(input, { ...init, headers })
    },
    webSocket: (address, protocol) => new WebSocket(address, protocol),
  })
  const client = new ApolloClient({ link: parlance.link, cache: new InMemoryCache(parlanceCache()) })
  onTestFinished(() => {
    client.stop()
    parlance.close()
  })
  await parlance.session?.login({ handle: alice.handle, password: passwordOf(alice.handle) })
  const { data } = await client.query<{ me: { id: string } }>({ query: Viewer })
  expect(data?.me.id).toBeDefined()
  const bearer = expect.stringMatching(/^Bearer /)
  expect(sent, 'login, query, refresh, query').toEqual([null, bearer, null, bearer])
})
