import { afterEach, expect, test, vi } from 'vitest'
import { createSSRApp, type EffectScope, effectScope, ref, shallowRef } from 'vue'
import { signal } from '../../../packages/client/src/signal.ts'
import {
  parlancePlugin,
  useConnection,
  useConversation,
  useConversations,
  useParlance,
  useParlanceEvent,
  usePresence,
  useSession,
  useSignal,
} from '../../../packages/vue/src/index.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { type Phone, phoneOf } from '../client/phone.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })
const phones: Phone[] = []
const scopes: EffectScope[] = []

afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  for (const phone of phones.splice(0)) phone.close()
})

/** Runs composables as the setup of a component of the person's application does. */
function inAppOf<Result>(person: Person, setup: () => Result): Result {
  const phone = phoneOf(person, world.url)
  const scope = effectScope()
  phones.push(phone)
  scopes.push(scope)
  const app = createSSRApp({}).use(parlancePlugin, phone.parlance)
  return app.runWithContext(() => scope.run(setup)) as Result
}

test('two users see each other type, write, react and read through the composables', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const setup = () => ({
    ...{ ...useSession(), ...useConversations(), ...useConversation(id) },
    connection: useConnection(),
    presence: usePresence(() => [alice.id]),
  })
  const alices = inAppOf(alice, setup)
  const received: string[] = []
  const bobs = inAppOf(bob, () => {
    useParlanceEvent('message', ({ message }) => received.push(message.plainText))
    return setup()
  })
  await expect.poll(() => bobs.me.value?.user.id).toBe(bob.id)
  await expect.poll(() => bobs.presence.value[alice.id]?.status).toBe('ONLINE')
  expect([bobs.connection.value, bobs.session.value.status]).toEqual(['open', 'signedIn'])

  alices.typed()
  await expect.poll(() => bobs.typing.value.map((person) => person.id)).toEqual([alice.id])
  const sending = alices.send('hello')
  expect(alices.pending.value.map(({ key }) => key)).toEqual([sending.key])
  await sending
  expect([alices.pending.value, alices.messages.value.at(-1)?.plainText]).toEqual([[], 'hello'])

  await expect.poll(() => bobs.unreadCount.value).toBe(1)
  await expect.poll(() => bobs.messages.value.at(-1)?.plainText).toBe('hello')
  await expect.poll(() => received).toEqual(['hello'])
  const [hello] = bobs.messages.value.slice(-1)
  if (!hello) throw new Error('No message.')
  await bobs.react(hello, '👍')
  bobs.seen()
  await expect.poll(() => bobs.conversations.value[0]?.unreadCount).toBe(0)
  await expect.poll(() => alices.receipts.value[bob.id]?.readSeq).toBe(hello.seq)
  await expect.poll(() => alices.messages.value.at(-1)?.reactions[0]?.count).toBe(1)

  await alices.edit(hello, 'hello there')
  await expect.poll(() => bobs.messages.value.at(-1)?.plainText).toBe('hello there')
  await alices.recall(hello)
  await expect.poll(() => bobs.messages.value.at(-1)?.recalledAt).toBeTruthy()
})

test('useConversation follows its id, and pages through the history', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const first = await alice.opens(bob)
  const second = await alice.opens(carol)
  for (let number = 1; number <= 60; number += 1) await alice.sends(first.id, `to bob ${number}`)
  await alice.sends(second.id, 'to carol')
  const id = ref(second.id)
  const shown = inAppOf(alice, () => useConversation(id))
  await expect.poll(() => shown.messages.value.at(-1)?.plainText).toBe('to carol')

  id.value = first.id
  expect(shown.conversation.value?.id).toBe(first.id)
  await expect.poll(() => shown.messages.value.at(-1)?.plainText).toBe('to bob 60')
  const isFirst = () => shown.messages.value.some(({ plainText }) => plainText === 'to bob 1')
  expect([isFirst(), shown.hasOlder.value]).toEqual([false, true])
  while (shown.hasOlder.value) await shown.older()
  expect(isFirst()).toBe(true)
})

test('an id that is computed again and is the same keeps the conversation', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const chat = ref({ id: (await alice.opens(bob)).id })
  const views = inAppOf(alice, () => {
    const parlance = useParlance()
    const opened = vi.spyOn(parlance, 'conversation')
    useConversation(() => chat.value.id)
    return opened
  })
  chat.value = { ...chat.value }
  expect(views).toHaveBeenCalledTimes(1)
})

test('a composable unsubscribes from the former signal when its source changes, and from all when its scope ends', () => {
  const [one, other] = [signal(1), signal(10)]
  const removed = vi.fn()
  const watched = [one, other].map((source, index) => ({
    ...source,
    subscribe(listener: () => void) {
      const stop = source.subscribe(listener)
      return () => {
        removed(index)
        stop()
      }
    },
  }))
  const current = shallowRef(watched[0] as (typeof watched)[0])
  const scope = effectScope()
  const value = scope.run(() => useSignal(current))
  one.set(2)
  expect(value?.value).toBe(2)
  current.value = watched[1] as (typeof watched)[0]
  expect(value?.value).toBe(10)
  expect(removed.mock.calls).toEqual([[0]])
  scope.stop()
  expect(removed.mock.calls).toEqual([[0], [1]])
  other.set(11)
  expect(value?.value).toBe(10)
})

test('a component without a client gets an error that names the plugin', () => {
  expect(() => createSSRApp({}).runWithContext(useParlance)).toThrow('app.use(parlancePlugin')
})
