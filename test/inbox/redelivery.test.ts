import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { showsReading } from '../message/verbs.ts'
import { Inbox, type InboxEvent } from '../world/inbox.ts'
import { Acknowledge } from '../world/operations.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const repeats = 2
const acknowledgeMs = 400
const world = useWorld({
  LIMIT_ACKNOWLEDGE_MS: String(acknowledgeMs),
  LIMIT_REDELIVERIES: String(repeats),
  LIMIT_INLINE_GROUP_SIZE: '2',
})

// The server's clock advances only in the tests, so that a slow machine makes no client late.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const timePasses = () => vi.setSystemTime(Date.now() + acknowledgeMs + 1)

const acknowledges = (person: Person, inbox: Inbox, streamId?: string) =>
  person.do(Acknowledge, { cursor: inbox.cursor ?? '', streamId })

const contains = (text: string) => (event: InboxEvent) =>
  event.__typename === 'MessagesChanged' && event.messages.some(({ plainText }) => plainText === text)

const timesDelivered = (inbox: Inbox, text: string) => inbox.events.filter(contains(text)).length

/** A reader with a socket of its own. */
async function reader(person: Person, streamId?: string) {
  const socket = person.socket()
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('closed', (event) => resolve(event as { code: number; reason: string })),
  )
  const inbox = new Inbox(socket, { streamId: streamId ?? null })
  await inbox.sees('Checkpoint', ({ caughtUp }) => caughtUp)
  return { inbox, closed }
}

type Reader = Awaited<ReturnType<typeof reader>>

/** Advances the clock past the time to acknowledge after each delivery of the event, until the socket closes. */
async function isClosed(
  { inbox, closed }: Reader,
  again: (event: InboxEvent) => boolean,
  meanwhile = async () => {},
) {
  for (let deliveries = 1; deliveries <= 1 + repeats; deliveries += 1) {
    await inbox.until(() => inbox.events.filter(again).length === deliveries)
    await meanwhile()
    timePasses()
  }
  return closed
}

test('an event that is not acknowledged is redelivered, then the socket closes with 4490 and may reconnect', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const silent = await reader(bob, 'silent')
  await acknowledges(bob, silent.inbox, 'silent')
  await alice.sends(id, 'are you there?')
  const end = await isClosed(silent, contains('are you there?'))
  expect(end).toMatchObject({ code: 4490, reason: 'Not acknowledged' })
  expect(timesDelivered(silent.inbox, 'are you there?')).toBe(1 + repeats)

  const back = await reader(bob, 'silent')
  await back.inbox.until(() => timesDelivered(back.inbox, 'are you there?') === 1)
})

test('a client that acknowledges in time, or never does, gets each event once and stays connected', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const [silent, prompt, stock] = [
    await reader(bob, 'silent'),
    await reader(bob, 'prompt'),
    await reader(await bob.onAnotherDevice()),
  ]
  await acknowledges(bob, silent.inbox, 'silent')
  await acknowledges(bob, prompt.inbox, 'prompt')

  await alice.sends(id, 'hello')
  await isClosed(silent, contains('hello'), async () => {
    await prompt.inbox.until(() => timesDelivered(prompt.inbox, 'hello') === 1)
    await acknowledges(bob, prompt.inbox, 'prompt')
  })
  await alice.sends(id, 'still there')
  for (const { inbox } of [prompt, stock]) {
    await inbox.until(() => timesDelivered(inbox, 'still there') === 1)
    expect(timesDelivered(inbox, 'hello')).toBe(1)
  }
})

test('a client that acknowledges late is not asked again', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const [slow, silent] = [await reader(bob, 'slow'), await reader(bob, 'silent')]
  await acknowledges(bob, slow.inbox, 'slow')
  await alice.sends(id, 'one')
  await slow.inbox.until(() => timesDelivered(slow.inbox, 'one') === 1)
  timePasses()
  await slow.inbox.until(() => timesDelivered(slow.inbox, 'one') === 2)
  await acknowledges(bob, slow.inbox, 'slow')
  await acknowledges(bob, silent.inbox, 'silent')

  await alice.sends(id, 'two')
  await isClosed(silent, contains('two'))
  await alice.sends(id, 'three')
  await slow.inbox.until(() => timesDelivered(slow.inbox, 'three') === 1)
  expect(timesDelivered(slow.inbox, 'two')).toBe(1)
})

test('a redelivered event shows the current state', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const silent = await reader(bob, 'silent')
  await acknowledges(bob, silent.inbox, 'silent')
  const message = await alice.sends(id, 'a slip')
  await silent.inbox.until(() => timesDelivered(silent.inbox, 'a slip') === 1)
  await alice.recalls(message)
  await isClosed(
    silent,
    (event) =>
      event.__typename === 'MessagesChanged' && event.messages.some(({ recalledAt }) => recalledAt !== null),
  )
  expect(timesDelivered(silent.inbox, 'a slip')).toBe(1)
})

test('a signal is redelivered, but does not close the socket', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const carol = await world.person('carol')
  const { id } = await alice.creates('large', [bob, carol])
  const direct = await bob.opens(alice)
  const [quiet, silent] = [await reader(carol, 'quiet'), await reader(bob, 'silent')]
  await acknowledges(carol, quiet.inbox, 'quiet')
  await acknowledges(bob, silent.inbox, 'silent')
  await alice.sends(id, 'to many')
  await alice.sends(direct.id, 'to one')
  const signals = () => quiet.inbox.events.filter(({ __typename }) => __typename === 'ConversationSignal')
  let seen = 0
  await isClosed(silent, contains('to one'), async () => {
    await quiet.inbox.until(() => signals().length > seen)
    seen = signals().length
  })
  const { length } = signals()
  await alice.sends(id, 'to many again')
  await quiet.inbox.until(() => signals().length > length)
})

test('a number without an event need not be acknowledged, whichever event brings its cursor', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  await showsReading(bob, false)
  const [direct, team] = [await alice.opens(bob), await alice.creates('team', [carol])]
  const phone = await reader(bob)
  const [unseen, seen] = [await alice.sends(direct.id, 'hello'), await alice.sends(team.id, 'hello')]
  await phone.inbox.until(() => timesDelivered(phone.inbox, 'hello') === 1)
  // Delivered already, so that alice gets no receipt for it later.
  await acknowledges(bob, phone.inbox)
  const quiet = await reader(alice, 'quiet')
  await acknowledges(alice, quiet.inbox, 'quiet')
  const isOfTeam = (event: InboxEvent) =>
    event.__typename === 'ReceiptsChanged' && event.conversationId === team.id
  await bob.reads(direct.id, unseen.seq)
  await carol.reads(team.id, seen.seq)
  await quiet.inbox.until(() => quiet.inbox.events.some(isOfTeam))

  const silent = await reader(bob, 'silent')
  await acknowledges(bob, silent.inbox, 'silent')
  await carol.sends((await carol.opens(bob)).id, 'are you there?')
  await isClosed(silent, contains('are you there?'), async () => {
    const owed = quiet.inbox.events.filter((event) => event.__typename !== 'Checkpoint' && !isOfTeam(event))
    for (const { cursor } of owed.slice(-1)) await alice.do(Acknowledge, { cursor, streamId: 'quiet' })
  })
  await carol.sends(team.id, 'still there?')
  await quiet.inbox.until(() => timesDelivered(quiet.inbox, 'still there?') === 1)
})
