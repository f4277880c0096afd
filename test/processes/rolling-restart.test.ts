import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { acknowledger, askOver, patientSocket } from '../clients/chat-app.ts'
import type { InboxSubscription as InboxData, SendMessageInput } from '../generated/graphql.ts'
import { hasNginx, startNginx } from '../setup/nginx.ts'
import { Refused } from '../world/client.ts'
import { Acknowledge, InboxSubscription, SendMessage } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { balance } from './balancer.ts'
import { hasRedis, useFleet } from './fleet.ts'

type InboxEvent = InboxData['inbox']

/** The shipped nginx repeats what a server has not taken; a balancer of connections leaves that to the clients. */
const front = hasNginx() ? 'the shipped nginx' : 'a balancer'
const retriesMax = hasNginx() ? 0 : 1

/** A deployment as clients see it: one address, behind which servers are replaced. */
describe.skipIf(!hasRedis)(`two servers behind ${front}, restarted one after the other under load`, () => {
  const fleet = useFleet(2)
  let balancer: { url: string; close(): Promise<void> }
  beforeAll(async () => {
    const [first = '', second = ''] = fleet.urls
    balancer = await (hasNginx() ? startNginx(first, second) : balance(fleet.urls))
  })
  afterAll(() => balancer?.close())

  const through = (person: Person) => ({ url: balancer.url, person })

  test(`stock clients miss nothing, and requests succeed after at most ${retriesMax} retries`, {
    timeout: 120_000,
  }, async () => {
    const people = await Promise.all(
      ['alice', 'bob', 'carol', 'dave'].map((name, index) => fleet.person(name, index % 2)),
    )
    const [alice, bob, carol, dave] = people as [Person, Person, Person, Person]
    const group = await alice.creates('rolling', [bob, carol, dave])
    const readers = await Promise.all(people.map((person) => follows(patientSocket(through(person)), person)))

    const acknowledged: number[] = []
    const answered = new Map<string, number>()
    let rolling = true
    const sends = async (send: (input: SendMessageInput) => Promise<number>, name: string) => {
      for (let count = 0; rolling; count += 1) {
        const input = {
          conversationId: group.id,
          clientMessageId: randomUUID(),
          content: { text: `${name} ${count}` },
        }
        acknowledged.push(await send(input))
        answered.set(name, count + 1)
        await pause(20)
      }
    }
    const lanes = Promise.all([
      sends((input) => overHttp(balancer.url, alice, input), 'alice'),
      sends((input) => overHttp(balancer.url, bob, input), 'bob'),
      sends(overSocket(patientSocket(through(carol))), 'carol'),
      sends(overSocket(patientSocket(through(dave))), 'dave'),
    ])
    for (const server of [0, 1]) {
      await fleet.restarts(server)
      await isUsedAgain(fleet.urls[server] ?? '', balancer.url)
      // All retries are done before the next restart.
      const before = new Map(answered)
      const since = (name: string) => (answered.get(name) ?? 0) - (before.get(name) ?? 0)
      await expect
        .poll(() => Math.min(...people.map(({ name }) => since(name))), { timeout: 20_000 })
        .toBeGreaterThan(12)
    }
    rolling = false
    await lanes

    expect(acknowledged.length).toBeGreaterThan(100)
    const sorted = acknowledged.toSorted((one, other) => one - other)
    expect(new Set(sorted).size).toBe(sorted.length)
    const last = Math.max(...acknowledged)
    for (const reader of readers) {
      await expect.poll(() => reader.seqs.has(last), { timeout: 10_000 }).toBe(true)
      // The message about the new group may come first.
      const received = [...reader.seqs].filter((seq) => seq >= (sorted[0] ?? 0))
      // One less is a lost message, one more was stored twice.
      expect(received.sort((one, other) => one - other)).toEqual(sorted)
      expect(reader.connections, 'each lost at least one of the servers').toBeGreaterThan(1)
      expect(reader.failures).toEqual([])
    }
  })
})

/** The front keeps clients away from a server that refused some of them: nginx for `fail_timeout`. */
async function isUsedAgain(server: string, front: string): Promise<void> {
  const reaches = async () => {
    const socket = new WebSocket(`${front.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    const response = await fetch(`${server}/ready`)
    const { parts } = (await response.json()) as { parts: { sockets: { open: number } } }
    socket.close()
    return parts.sockets.open
  }
  await expect.poll(reaches).toBeGreaterThan(0)
}

/** One failure more than the front allows fails the test. */
async function overHttp(url: string, person: Person, input: SendMessageInput): Promise<number> {
  const send = async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${person.credentials.accessToken}`,
      },
      body: JSON.stringify({ query: print(SendMessage), variables: { input } }),
    })
    const { data, errors } = (await response.json()) as Answer
    if (errors?.[0]) throw new Refused(errors[0])
    return data?.sendMessage.message.seq ?? 0
  }
  return send().catch(async (error) => {
    if (retriesMax === 0) throw error
    await pause(100)
    return send()
  })
}

interface Answer {
  data?: { sendMessage: { message: { seq: number } } }
  errors?: { message: string }[]
}

/** The stock client retries what a closed socket interrupted. */
const overSocket = (socket: Client) => async (input: SendMessageInput) =>
  (await askOver(socket, SendMessage, { input })).sendMessage.message.seq

async function follows(socket: Client, person: Person) {
  const reader = { seqs: new Set<number>(), connections: 0, failures: [] as unknown[] }
  const report = acknowledger((cursor) => askOver(socket, Acknowledge, { cursor }))
  const after = await person.syncCursor()
  socket.on('connected', () => {
    reader.connections += 1
  })
  const receive = (event: InboxEvent) => {
    if (event.__typename === 'MessagesChanged') for (const { seq } of event.messages) reader.seqs.add(seq)
    report(event.cursor)
  }
  socket.subscribe<InboxData>(
    { query: print(InboxSubscription), variables: { after } },
    {
      next: ({ data, errors }) => {
        if (data) receive(data.inbox)
        if (errors) reader.failures.push(...errors)
      },
      error: (error) => reader.failures.push(error),
      complete: () => {},
    },
  )
  return reader
}
