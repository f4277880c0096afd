import { expect, test } from 'vitest'
import { errorWith } from '../../../../packages/client/src/errors.ts'
import type { Event, State } from '../../../../packages/client/src/store/state.ts'
import { createStore } from '../../../../packages/client/src/store/store.ts'
import { conversationsOf, unreadTotalOf } from '../../../../packages/client/src/store/views.ts'
import { pullMissing } from '../../../../packages/client/src/sync/pull.ts'
import type { Perform } from '../../../../packages/client/src/transport/perform.ts'
import { ServerModel, type StoredConversation } from './server-model.ts'

// Rules that hold before everything has arrived, which a comparison with a refetch does not see.

/** A store after the first screen, and the stream of its server. */
function started() {
  const server = new ServerModel()
  const store = createStore()
  const [direct, , signal] = server.conversations as [
    StoredConversation,
    StoredConversation,
    StoredConversation,
  ]
  const begin = () =>
    store.apply({
      ...{ type: 'started', cursor: '0', me: server.me, complete: true },
      conversations: server.conversations.map((one) => server.listed(one)),
    })
  const deliver = () => {
    for (const { event } of server.log.splice(0)) store.apply({ type: 'event', event: event('1') })
  }
  const titleOf = (id: string) => conversationsOf(store.get()).find((one) => one.id === id)?.title
  return { server, store, direct, signal, begin, deliver, titleOf }
}

test('a signal moves the unread count and the known version before its messages are pulled', () => {
  const { server, store, signal, begin, deliver } = started()
  begin()
  server.send(signal, 'bob', false)
  deliver()
  expect(unreadTotalOf(store.get())).toBe(1)
  expect(store.get().entries.signal).toMatchObject({ held: 0, known: 1, messages: [] })
})

test('an event after a gap raises the known version alone, so that the changes between are pulled', () => {
  const { server, store, direct, begin } = started()
  begin()
  server.send(direct, 'bob', false)
  server.send(direct, 'bob', false)
  store.apply({ type: 'event', event: server.log[1]?.event('1') as Event })
  expect(store.get().entries.direct).toMatchObject({ held: 0, known: 2 })
})

test('an event that comes again, or late, lowers neither the held version nor the newest number', () => {
  const { server, store, direct, begin } = started()
  begin()
  server.send(direct, 'bob', false)
  server.send(direct, 'bob', false)
  for (const index of [0, 1, 0]) store.apply({ type: 'event', event: server.log[index]?.event('1') as Event })
  const row = { maxSeq: 2, messageCount: 2 }
  expect(store.get().entries.direct).toMatchObject({ held: 2, known: 2, row })
})

test('the first screen has the remarks of friends as titles, without a list of friends', () => {
  const { server, begin, titleOf } = started()
  server.giveRemark('my brother')
  begin()
  expect(titleOf('direct')).toBe('my brother')
})

test.each(['row', 'list'])('a %s with a new name of a user renames the messages that are held', (answer) => {
  const { server, store, direct, begin } = started()
  server.send(direct, 'bob', false)
  begin()
  server.renamePerson('robert')
  const { tick: since } = store.get()
  if (answer === 'row') store.apply({ type: 'listed', since, conversations: [server.listed(direct)] })
  else store.apply({ type: 'people', since, people: [server.person('bob')] })
  expect(store.get().entries.direct?.messages.map(({ senderName }) => senderName)).toEqual(['robert'])
})

test('a quote that is newer than the held copy of its message stays', () => {
  const { server, store, direct, begin } = started()
  server.send(direct, 'bob', false)
  begin()
  server.send(direct, 'bob', false, 1)
  server.edit(direct, direct.messages[0] as (typeof direct.messages)[number])
  const answer = server.message(direct, direct.messages[1] as (typeof direct.messages)[number])
  store.apply({ type: 'read', since: store.get().tick, messages: [answer] })
  expect(store.get().entries.direct?.messages[1]?.quote?.plainText).toBe('edited 3')
})

test('an answer has the reactions of the viewer, which are not asked for again', () => {
  const { server, store, direct, begin } = started()
  server.send(direct, 'bob', false)
  begin()
  const [message] = direct.messages as [(typeof direct.messages)[number]]
  server.react(direct, message, 'alice', '👍')
  store.apply({ type: 'read', since: store.get().tick, messages: [server.message(direct, message)] })
  expect(store.get().unsure).toEqual([])
})

test('a kept state continues later than every answer of its page', () => {
  const kept: State = { ...createStore().get(), tick: 7, cursor: '3' }
  const store = createStore()
  store.apply({ type: 'restored', state: kept })
  expect(store.get().startedAt).toBeGreaterThan(1_000)
  expect(store.get().tick).toBe(store.get().startedAt)
})

test('what the server no longer shows is asked for once', async () => {
  const { server, store, signal, begin, deliver } = started()
  begin()
  server.send(signal, 'bob', false)
  deliver()
  const numbers = { conversationId: 'unknown', version: 3, maxSeq: 3, messageCount: 3 }
  store.apply({
    type: 'event',
    event: { __typename: 'ConversationSignal', cursor: '2', ...numbers } as Event,
  })
  const asked: string[] = []
  const perform: Perform = async (document) => {
    const [, name = ''] = document.match(/^\w+ (\w+)/) ?? []
    asked.push(name)
    if (name === 'PullChanges') return { conversationChanges: [] } as never
    throw errorWith('NOT_FOUND', 'There is no such conversation.')
  }
  await pullMissing(store, perform, () => asked.length > 5)
  expect(asked).toEqual(['PullChanges', 'OneConversation'])
})
