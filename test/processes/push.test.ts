import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { createGatewayServer, tokenOf } from '../notification/servers/gateway.ts'
import {
  attempts,
  changesNotificationSettings,
  registersDevice,
  setsQuietHours,
} from '../notification/verbs.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { hasRedis, useFleet } from './fleet.ts'

const gateway = await createGatewayServer()
afterAll(() => gateway.close())

describe.skipIf(!hasRedis)('push workers of two servers', () => {
  const fleet = useFleet(2, (server) => ({
    ...gateway.env,
    // So that a request shows which server sent it.
    PUSH_GATEWAY_URL: `${gateway.url}/${server}`,
    LIMIT_PUSH_DELAY_MS: '0',
    LIMIT_PUSH_TIMEOUT_MS: '60000',
  }))

  const withTelephone = async (name: string, server: number) => {
    const person = await fleet.person(name, server)
    const token = randomUUID()
    await registersDevice(person, 'WEBHOOK', token)
    return { person, token }
  }

  const becomes = (asker: Person, message: { id: string }, status: string) =>
    vi.waitFor(
      async () => expect((await attempts(asker, message)).map((attempt) => attempt.status)).toEqual([status]),
      20_000,
    )

  test('send each notification once', async () => {
    const alice = await fleet.person('alice', 0)
    const readers = await Promise.all(
      Array.from({ length: 24 }, (_none, place) => withTelephone('reader', place % 2)),
    )
    const messages = await Promise.all(
      readers.map(async ({ person }, place) => {
        const { id } = await alice.opens(person)
        return fleet.at(alice, place % 2).sends(id, 'hello')
      }),
    )
    for (const message of messages) await becomes(alice, message, 'SENT')
    for (const { token } of readers) expect(gateway.notificationsFor(token)).toHaveLength(1)
  }, 60_000)

  test('suppress notifications of messages that were acknowledged at the other server', async () => {
    const alice = await fleet.person('alice', 1)
    const { person: bob, token } = await withTelephone('bob', 0)
    // Decide only after both acknowledgements.
    await setsQuietHours(bob)
    const inbox = await bob.listens()
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'hello')
    const { cursor } = await inbox.sees('MessagesChanged', (event) => event.conversationId === id)
    await becomes(alice, message, 'QUEUED')
    await waitsForTheMorning(bob)
    await bob.do(Acknowledge, { cursor })
    await changesNotificationSettings(bob, { quietFrom: null, quietTo: null })

    // Only the other server decides now.
    const acknowledgedAt = fleet.servers[0]?.child
    acknowledgedAt?.kill('SIGSTOP')
    onTestFinished(() => void acknowledgedAt?.kill('SIGCONT'))
    await timePasses()
    await becomes(alice, message, 'SUPPRESSED')
    expect(gateway.received.map(tokenOf)).not.toContain(token)
  }, 60_000)

  test('withdraw the notifications of both servers when the reader leaves the group at either', async () => {
    const alice = await fleet.person('alice', 0)
    const people = await Promise.all([withTelephone('bob', 0), withTelephone('carol', 1)])
    for (const { person } of people) await person.befriends(alice)
    const { id } = await alice.creates(
      'Kitchen',
      people.map(({ person }) => person),
    )
    const message = await alice.sends(id, 'dinner')
    await vi.waitFor(
      async () =>
        expect((await attempts(alice, message)).map(({ status }) => status)).toEqual(['SENT', 'SENT']),
      20_000,
    )
    for (const [place, { person }] of people.entries()) await fleet.at(alice, 1 - place).removes(id, person)
    for (const { token } of people)
      await vi.waitFor(
        () => expect(gateway.withdrawalsFor(token)).toEqual([{ tag: id, badge: 0, conversationId: id }]),
        20_000,
      )
  }, 60_000)

  test('resend the notification of a server that was killed before the provider answered', async () => {
    const alice = await fleet.person('alice', 0)
    const { person: bob, token } = await withTelephone('bob', 1)
    const { id } = await alice.opens(bob)
    gateway.replies.push('HANG')
    const message = await alice.sends(id, 'hello')
    const isHis = (one: Parameters<typeof tokenOf>[0]) => tokenOf(one) === token
    const [held] = await gateway.gets(1, isHis)
    const victim = Number(held?.path.slice(1))
    fleet.servers[victim]?.child.kill('SIGKILL')
    await fleet.servers[victim]?.exited()

    // The lease of a process that has ended is free at once.
    await becomes(fleet.at(alice, 1 - victim), message, 'SENT')
    const requests = await gateway.gets(2, isHis)
    expect(requests.map(({ path }) => path)).toEqual([`/${victim}`, `/${1 - victim}`])
    expect(requests[1]?.body).toEqual(requests[0]?.body)
    expect(requests[1]?.headers['webhook-id']).toBe(requests[0]?.headers['webhook-id'])
  }, 60_000)

  /** Makes every attempt due and releases all leases. */
  const timePasses = () => inDatabase(fleet, `update push_attempt set due_at = now() where status = 'QUEUED'`)

  /** Waits until no push attempt for this user has a lease. */
  const waitsForTheMorning = ({ id }: Person) =>
    expect
      .poll(() =>
        inDatabase(
          fleet,
          `select from push_attempt where user_id = $1 and due_at > now() + interval '5 minutes'`,
          [id],
        ),
      )
      .toHaveLength(1)
})
