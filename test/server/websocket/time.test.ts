import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { graphql } from '../../generated/gql.ts'
import { perform } from '../../world/client.ts'
import { activeTime } from '../../world/stopwatch.ts'
import { useWorld } from '../../world/world.ts'
import { Wire } from '../wire.ts'

const pingMs = 200

const world = useWorld({
  LIMIT_ACCESS_TOKEN_SECONDS: '7',
  LIMIT_PING_MS: String(pingMs),
  LIMIT_SOCKETS: '4',
  LIMIT_SOCKETS_PER_DEVICE: '10',
})

const inbox = 'subscription { inbox { __typename ... on SessionExpiring { at } } }'

const Refresh = graphql(`
  mutation RefreshForSocket($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) {
      accessToken
    }
  }
`)

const received = (wire: Wire, typename: string) =>
  wire.messages.some((message) => JSON.stringify(message).includes(`"__typename":"${typename}"`))

/** Expiry of an access token by the clock of this machine. */
const endOf = (accessToken: string) => Number(decodeJwt(accessToken).exp) * 1_000

test('a full server closes sockets with 1013 until there is room', async () => {
  const wires = [] as Wire[]
  for (let index = 0; index < 4; index += 1) wires.push(await Wire.ready(world.url))
  const fifth = await Wire.open(world.url)
  expect((await fifth.closed).code).toBe(1013)
  wires[0]?.ws.close()
  await wires[0]?.closed
  await expect
    .poll(() =>
      Wire.ready(world.url).then(
        ({ ws }) => ws.close(),
        () => 'full',
      ),
    )
    .toBeUndefined()
})

describe('the expiry of an access token', () => {
  test('is announced by SessionExpiring, and closes the socket with 4403', async () => {
    const { credentials } = await world.person('ada')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    wire.subscribe('1', inbox)
    expect((await wire.closed).code).toBe(4403)
    expect(Date.now()).toBeGreaterThanOrEqual(endOf(credentials.accessToken))
    expect(received(wire, 'SessionExpiring')).toBe(true)
  })

  test('is extended by a new token on the same socket', async () => {
    const { credentials } = await world.person('bob')
    const wire = await Wire.ready(world.url, credentials.accessToken)
    wire.subscribe('1', inbox)
    await wire.until(() => received(wire, 'SessionExpiring'), 'the session event')
    const { refreshSession } = await perform(
      world.url,
      Refresh,
      { refreshToken: credentials.refreshToken },
      null,
    )
    const renew =
      'mutation ($token: String!) { renewSession(input: { accessToken: $token }) { session { id } } }'
    wire.subscribe('2', renew, { token: refreshSession.accessToken })
    expect((await wire.answers('2')).errors).toBeUndefined()
    const [first, second] = [endOf(credentials.accessToken), endOf(refreshSession.accessToken)]
    expect(second).toBeGreaterThan(first)
    expect((await wire.closed).code).toBe(4403)
    expect(Date.now()).toBeGreaterThanOrEqual(second)
  })
})

describe('a client that disappears without closing', () => {
  test('is closed after two unanswered pings', async () => {
    const wire = await Wire.open(world.url, { autoPong: false })
    let pings = 0
    wire.ws.on('ping', () => {
      // The pings since its last message, all of which its next message answers.
      if (wire.messages.length > 0) pings += 1
    })
    wire.say({ type: 'connection_init' })
    await wire.hears('connection_ack')
    const lived = activeTime()
    expect((await wire.closed).code).toBe(1006)
    expect(pings).toBe(2)
    expect(lived()).toBeLessThan(8 * pingMs)
  })

  test('is not a client that only answers pings', async () => {
    const wire = await Wire.ready(world.url)
    let pings = 0
    await new Promise<void>((resolve) => {
      wire.ws.on('ping', () => {
        pings += 1
        if (pings === 8) resolve()
      })
    })
    wire.subscribe('1', '{ __typename }')
    expect((await wire.answers('1')).data).toEqual({ __typename: 'Query' })
  })
})
