import { print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { graphql } from '../generated/gql.ts'
import { Refused, refusal } from '../world/client.ts'
import { MeQuery, Register } from '../world/operations.ts'
import { useWorld } from '../world/world.ts'
import { onDevice, refreshes, revokes } from './verbs.ts'

const world = useWorld()

const RenewSession = graphql(`
  mutation RenewSession($accessToken: String!) {
    renewSession(input: { accessToken: $accessToken }) {
      session {
        id
        current
      }
    }
  }
`)

/** A socket that stays open between operations. */
function openSocket(accessToken: string | null): Client {
  const client = createClient({
    url: `${world.url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    connectionParams: accessToken ? { authorization: `Bearer ${accessToken}` } : {},
    onNonLazyError: () => {},
  })
  onTestFinished(async () => client.dispose())
  return client
}

async function ask(client: Client, document: Parameters<typeof print>[0], variables = {}) {
  const answers = client.iterate({ query: print(document), variables })
  const { value } = await answers.next().catch((errors: [Refused]) => ({ value: { errors } }))
  const [error] = value?.errors ?? []
  if (error) throw new Refused(error)
  return value?.data as Record<string, unknown>
}

test('registering on a socket signs the socket in', async () => {
  const socket = openSocket(null)
  expect(await refusal(ask(socket, MeQuery))).toBe('UNAUTHENTICATED')
  const input = { handle: 'on.a.socket', password: 'a password of some length', displayName: 'Socketed' }
  const { register } = await ask(socket, Register, { input })
  const { me } = await ask(socket, MeQuery)
  expect(me).toMatchObject({
    user: { id: (register as { user: { id: string } }).user.id, handle: 'on.a.socket' },
  })
})

test('a socket is renewed only by a token of its own session', async () => {
  const [alice, bob] = await world.people('alice', 'bob')
  const phone = await onDevice(alice)
  const socket = openSocket(alice.credentials.accessToken)
  const fresh = await refreshes(world.url, alice.credentials.refreshToken)
  const { renewSession } = await ask(socket, RenewSession, { accessToken: fresh.accessToken })
  expect(renewSession).toEqual({ session: { id: alice.credentials.sessionId, current: true } })

  for (const other of [bob, phone])
    expect(await refusal(ask(socket, RenewSession, { accessToken: other.credentials.accessToken }))).toBe(
      'BAD_CREDENTIALS',
    )
  expect(await refusal(ask(socket, RenewSession, { accessToken: 'nonsense' }))).toBe('UNAUTHENTICATED')
  expect(await ask(socket, MeQuery)).toMatchObject({ me: { user: { id: alice.id } } })
})

test('a socket closes permanently when its session ends', async () => {
  const alice = await world.person('alice')
  const phone = await onDevice(alice)
  const socket = openSocket(phone.credentials.accessToken)
  const closed = new Promise((resolve) => socket.on('closed', resolve))
  expect(await ask(socket, MeQuery)).toMatchObject({ me: { user: { id: alice.id } } })
  await revokes(alice, phone.credentials.sessionId)
  expect(await closed).toMatchObject({ code: 4401 })
})

test('renewSession over HTTP is rejected with INVALID_INPUT', async () => {
  const alice = await world.person('alice')
  const { accessToken } = alice.credentials
  expect(await refusal(alice.do(RenewSession, { accessToken }))).toBe('INVALID_INPUT')
})
