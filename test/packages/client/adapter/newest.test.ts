import { expect, test } from 'vitest'
import { createNewest } from '../../../../packages/client/src/adapter/newest.ts'

const message = (version: number, plainText: string) => ({
  message: { __typename: 'Message', id: '1', version, plainText },
})

test('an answer with an older version than an event gets the fields of the event', () => {
  const newest = createNewest()
  const since = newest.now()
  newest.read(message(2, 'edited'))
  expect(newest.read(message(1, 'first'), since).message.plainText).toBe('edited')
  expect(newest.read(message(3, 'again'), since).message.plainText).toBe('again')
})

test('for the same version, an event after the request wins, and a later request does', () => {
  const newest = createNewest()
  const since = newest.now()
  newest.read(message(1, 'of the event'))
  expect(newest.read(message(1, 'overtaken'), since).message.plainText).toBe('of the event')
  expect(newest.read(message(1, 'asked later'), newest.now()).message.plainText).toBe('asked later')
})

test('after another user signed in, nothing of the previous one is shown', () => {
  const newest = createNewest()
  newest.read(message(2, 'of alice'))
  newest.clear()
  expect(newest.read(message(1, 'of bob'), newest.now()).message.plainText).toBe('of bob')
})

const row = (version: number, fields: object) => ({
  conversation: { __typename: 'GroupConversation', id: 'c', version, ...fields },
})

test('an object within an older one is as new as elsewhere', () => {
  const newest = createNewest()
  const since = newest.now()
  newest.read(
    row(8, { lastMessage: { ...message(8, 'first').message, quote: message(7, 'quoted').message } }),
  )
  newest.read(message(9, 'recalled'), newest.now())
  const late = newest.read(row(8, { lastMessage: message(8, 'first').message }), since)
  expect(late).toMatchObject({ conversation: { lastMessage: { version: 9, plainText: 'recalled' } } })
})

test('objects that contain each other are read to an end', () => {
  const newest = createNewest()
  const since = newest.now()
  const inner = { __typename: 'GroupConversation', id: 'c', version: 9 }
  const { message: last } = message(9, 'second')
  newest.read(row(9, { lastMessage: { ...last, conversation: inner } }))
  newest.read({ message: { ...last, conversation: { ...inner, lastMessage: { ...last } } } })
  const late = row(8, { lastMessage: { ...message(8, 'first').message, conversation: inner } })
  expect(newest.read(late, since)).toMatchObject({
    conversation: { lastMessage: { plainText: 'second', conversation: { version: 9 } } },
  })
})

test('an overtaken answer undoes neither the viewer of an event nor a membership', () => {
  const newest = createNewest()
  const since = newest.now()
  const me = (unreadCount: number) => ({ me: { __typename: 'Me', id: 'me', unreadCount } })
  const membership = (readSeq: number) => ({ membership: { __typename: 'Membership', id: 'm', readSeq } })
  newest.read({ inbox: { __typename: 'MeChanged', ...me(7) } })
  newest.read({ inbox: { __typename: 'ConversationChanged', ...row(8, membership(5)) } })
  expect(newest.read(me(6), since)).toEqual(me(7))
  expect(newest.read({ markRead: membership(4) }, since)).toEqual({ markRead: membership(5) })
  expect(newest.read(row(7, membership(4)), newest.now()), 'of a replica').toMatchObject(
    row(8, membership(5)),
  )
  expect(newest.read(me(8), newest.now()), 'asked later').toEqual(me(8))
})

test('an answer does not bring back a conversation that the viewer has left meanwhile', () => {
  const newest = createNewest()
  const since = newest.now()
  newest.read({ inbox: { __typename: 'ConversationRemoved', conversationId: 'c' } })
  const { conversation } = row(8, {})
  expect(newest.read(row(8, {}), since)).toEqual({ conversation: null })
  expect(newest.read({ conversations: { edges: [{ node: conversation }] } }, since)).toEqual({
    conversations: { edges: [] },
  })
  expect(newest.read({ conversationChanges: [{ version: 8, conversation }] }, since)).toEqual({
    conversationChanges: [],
  })
  expect(newest.read(row(9, {}), newest.now()), 'asked later').toEqual(row(9, {}))
})
