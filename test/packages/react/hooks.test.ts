import type { Parlance } from '@parlance/client'
import {
  Composer,
  Conversation,
  ConversationList,
  MessageList,
  ParlanceProvider,
  useComposer,
  useConnection,
  useConversation,
  useConversations,
  useCurrentConversation,
  useParlance,
  useParlanceEvent,
  usePresence,
  useSession,
  useSignal,
} from '@parlance/react'
import { createElement as h, StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { act, create, type ReactTestRenderer } from 'react-test-renderer'
import { expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { phoneOf } from '../client/phone.ts'

const world = useWorld()

/** Renders what a hook returns, for as long as the test runs. */
function mount<Value>(client: Parlance, useValue: () => Value) {
  let shown: Value | undefined
  let renders = 0
  function Probe() {
    shown = useValue()
    renders += 1
    return null
  }
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  onTestFinished(() => void vi.unstubAllGlobals())
  const element = h(StrictMode, null, h(ParlanceProvider, { client }, h(Probe)))
  let root: ReactTestRenderer | null = null
  act(() => {
    root = create(element)
  })
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  const unmount = () => {
    root?.unmount()
    root = null
  }
  onTestFinished(unmount)
  return {
    get value() {
      return shown as Value
    },
    get renders() {
      return renders
    },
    unmount,
  }
}

function clientOf(person: Person): Parlance {
  const phone = phoneOf(person, world.url)
  onTestFinished(() => phone.close())
  return phone.parlance
}

const texts = (messages: readonly { plainText: string }[]) => messages.map(({ plainText }) => plainText)

test('a list and a conversation follow the messages of both sides', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const client = clientOf(alice)
  const chat = mount(client, () => ({
    ...useConversations(),
    one: useConversation(id),
    composer: useComposer(useConversation(id)),
  }))
  await bob.sends(id, 'hello')
  await eventually(() => expect(texts(chat.value.one.messages).at(-1)).toBe('hello'))
  expect(chat.value.one.conversation?.title).toBe('bob')
  expect(chat.value.conversations.map(({ unreadCount }) => unreadCount)).toEqual([chat.value.unreadCount])

  chat.value.composer.setText('  hi bob ')
  await eventually(() => expect(chat.value.composer.text).toBe('  hi bob '))
  await chat.value.composer.submit()
  await eventually(() => expect(texts(chat.value.one.messages).slice(-2)).toEqual(['hello', 'hi bob']))
  await eventually(() => expect([chat.value.composer.text, chat.value.unreadCount]).toEqual(['', 0]))
  expect(chat.value.composer.submit()).toBeNull()
  expect(texts((await bob.history(id)) ?? []).at(-1)).toBe('hi bob')
})

test('a conversation pages, shows who types, and ends its subscriptions with the component', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  for (let n = 1; n <= 60; n += 1) await bob.sends(id, `message ${n}`)
  const client = clientOf(alice)
  const chat = mount(client, () => useConversation(id))
  await eventually(() => expect(texts(chat.value.messages)[0]).toBe('message 11'))
  expect(chat.value.hasOlder).toBe(true)
  await chat.value.older()
  await eventually(() => expect(texts(chat.value.messages)).toContain('message 1'))

  const other = mount(clientOf(bob), () => useConversation(id))
  await eventually(() => {
    other.value.typed()
    expect(chat.value.typing.map(({ displayName }) => displayName)).toEqual(['bob'])
  })
  chat.unmount()
  const { renders } = chat
  await bob.sends(id, 'after the end')
  await eventually(() => expect(client.conversations.get()[0]?.lastMessage?.plainText).toBe('after the end'))
  expect(chat.renders).toBe(renders)
})

test('presence keeps its subscription when the same users come in a new array', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const client = clientOf(alice)
  const asked = vi.spyOn(client, 'presence')
  const page = mount(client, () => ({ presence: usePresence([bob.id]), connection: useConnection() }))
  await eventually(() => expect(page.value).toMatchObject({ connection: 'open', presence: { [bob.id]: {} } }))
  clientOf(bob)
  await eventually(() => expect(page.value.presence[bob.id]?.status).toBe('ONLINE'))
  // Strict mode renders the first time twice.
  expect(asked.mock.calls.length).toBeLessThanOrEqual(2)
})

test('events, the outbox and the session reach a component', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  const client = clientOf(alice)
  const received: string[] = []
  const unsent = new Set<string>()
  const page = mount(client, () => {
    for (const { key } of useSignal(client.outbox.items)) unsent.add(key)
    useParlanceEvent('message', ({ message }) => received.push(message.plainText))
    return { ...useSession(), outbox: useSignal(client.outbox.items), client: useParlance() }
  })
  expect(page.value.client).toBe(client)
  await eventually(() =>
    expect(page.value).toMatchObject({ session: { status: 'signedIn' }, me: { user: {} } }),
  )
  await eventually(() => expect(client.conversations.get()).toHaveLength(1))
  await bob.sends(id, 'ping')
  await eventually(() => expect(received).toEqual(['ping']))
  const sending = client.conversation(id).send('pong')
  await sending
  expect([...unsent]).toEqual([sending.key])
  await eventually(() => expect(page.value.outbox).toEqual([]))
})

test('components show the list and a conversation, mark it as read, and send what is typed', async () => {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const { id } = await bob.opens(alice)
  const other = await carol.opens(alice)
  await bob.sends(id, 'hello')
  const client = clientOf(alice)
  const page = (shown: string) =>
    h(
      ParlanceProvider,
      { client },
      h(ConversationList, {
        empty: h('h2', null, 'none'),
        children: ({ title, unreadCount }) => h('li', null, `${title} ${unreadCount}`),
      }),
      h(
        Conversation,
        { id: shown, children: undefined },
        h(MessageList, {
          children: ({ plainText }) => h('p', null, plainText),
          pending: ({ key }) => h('em', { key }),
        }),
        h(Composer, {
          children: ({ form, input }) =>
            h('form', { ...form, noValidate: true }, h('input', { ...input, type: 'text' })),
        }),
      ),
    )
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  onTestFinished(() => void vi.unstubAllGlobals())
  let root = null as unknown as ReactTestRenderer
  act(() => {
    root = create(page(id))
  })
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  onTestFinished(() => root.unmount())
  const contents = (type: string) => root.root.findAllByType(type as 'p').map(({ props }) => props.children)
  const field = () => root.root.findByType('input').props

  expect(contents('h2')).toEqual(['none'])
  await eventually(() => expect(contents('li').sort()).toEqual(['bob 0', expect.stringMatching(/^carol/)]))
  await eventually(() => expect(contents('p').at(-1)).toBe('hello'))
  field().onChange({ target: { value: 'hi bob' } })
  await eventually(() => expect(field().value).toBe('hi bob'))
  root.root.findByType('form').props.onSubmit({ preventDefault() {} })
  await eventually(() => expect(contents('p').slice(-2)).toEqual(['hello', 'hi bob']))
  await eventually(() => expect(contents('em')).toEqual([]))
  expect(texts((await bob.history(id)) ?? []).at(-1)).toBe('hi bob')

  // A text that is not sent stays with its conversation.
  field().onChange({ target: { value: 'for bob alone' } })
  await eventually(() => expect(field().value).toBe('for bob alone'))
  root.update(page(other.id))
  await eventually(() => expect([field().value, contents('p').includes('hi bob')]).toEqual(['', false]))
  expect(() => renderToString(h(useCurrentConversation as never))).toThrow('There is no Conversation')
})

test('a server renders without a connection, and a missing provider is named', () => {
  const client = {
    session: { get: () => ({ status: 'starting' }), subscribe: () => () => {} },
    me: { get: () => null, subscribe: () => () => {} },
  } as unknown as Parlance
  const Page = () => h('p', null, useSession().session.status)
  expect(renderToString(h(ParlanceProvider, { client }, h(Page)))).toBe('<p>starting</p>')
  expect(() => renderToString(h(Page))).toThrow('There is no ParlanceProvider above this component.')
})
