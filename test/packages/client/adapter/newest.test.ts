import { createNewest } from '@parlance/client/adapter'
import { expect, test } from 'vitest'

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
