import { afterEach, expect, test } from 'vitest'
import { createRenderer, defineComponent, h } from 'vue'
import { Composer, ConversationList, MessageList, parlancePlugin } from '../../../packages/vue/src/index.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { phoneOf } from '../client/phone.ts'

const world = useWorld()
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** An element of a document that has no looks and no size of its own. */
interface Piece {
  tag: string
  text: string
  props: Record<string, unknown>
  parent: Piece | null
  children: Piece[]
}

const piece = (tag: string, text = ''): Piece => ({ tag, text, props: {}, parent: null, children: [] })

function detach(child: Piece): void {
  const siblings = child.parent?.children
  siblings?.splice(siblings.indexOf(child), 1)
  child.parent = null
}

const { createApp } = createRenderer<Piece, Piece>({
  createElement: (tag) => piece(tag),
  createText: (text) => piece('', text),
  createComment: () => piece('!'),
  setText(node, text) {
    node.text = text
  },
  setElementText(node, text) {
    node.children = [{ ...piece('', text), parent: node }]
  },
  patchProp(node, name, _, next) {
    node.props[name] = next
  },
  parentNode: ({ parent }) => parent,
  nextSibling: (node) => node.parent?.children[node.parent.children.indexOf(node) + 1] ?? null,
  insert(child, parent, before) {
    if (child.parent) detach(child)
    parent.children.splice(before ? parent.children.indexOf(before) : parent.children.length, 0, child)
    child.parent = parent
  },
  remove: detach,
})

const textOf = (node: Piece): string => node.text + node.children.map(textOf).join('|')

function find(node: Piece, tag: string): Piece | undefined {
  return node.tag === tag ? node : node.children.flatMap((child) => find(child, tag) ?? [])[0]
}

/** Mounts an application of the person. */
function mounts(person: Person, render: () => unknown): Piece {
  const phone = phoneOf(person, world.url)
  const root = piece('root')
  const app = createApp(defineComponent(() => render as () => ReturnType<typeof h>))
  app.use(parlancePlugin as never, phone.parlance)
  app.mount(root)
  ends.push(
    () => app.unmount(),
    () => phone.close(),
  )
  return root
}

test('the components show conversations and messages, load older ones on scroll, mark as seen, and send', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  for (let number = 1; number <= 60; number += 1) await bob.sends(id, `number ${number}`)
  const root = mounts(alice, () => [
    h(ConversationList, null, {
      default: ({ conversation }: { conversation: { title: string } }) => conversation.title,
    }),
    h(
      MessageList,
      { conversationId: id },
      {
        default: ({ message }: { message: { plainText: string } }) => message.plainText,
        pending: () => 'pending',
      },
    ),
    h(
      Composer,
      { conversationId: id },
      {
        default: ({ text, setText }: { text: string; setText(text: string): void }) =>
          h('input', { value: text, onInput: setText }),
      },
    ),
  ])
  await expect.poll(() => textOf(root)).toContain('bob')
  await expect.poll(() => textOf(root)).toContain('number 60')
  await expect.poll(async () => (await alice.conversation(id))?.membership.unreadCount).toBe(0)

  const list = root.children.flatMap((child) => (child.props.role === 'log' ? child : []))[0]
  expect(textOf(root)).not.toContain('number 1|')
  const scroll = list?.props.onScroll as (event: object) => void
  scroll({ currentTarget: { scrollTop: -2_000, scrollHeight: 2_500, clientHeight: 500 } })
  await expect.poll(() => textOf(root)).toContain('number 1|')

  const input = find(root, 'input')
  const form = find(root, 'form')
  const type = input?.props.onInput as (text: string) => void
  type(' hello ')
  await expect.poll(() => find(root, 'input')?.props.value).toBe(' hello ')
  const submit = form?.props.onSubmit as (event: object) => void
  submit({ preventDefault() {} })
  await expect.poll(() => textOf(root)).toContain('hello')
  await expect.poll(async () => (await bob.history(id, 1))?.[0]?.plainText).toBe('hello')
  expect(find(root, 'input')?.props.value).toBe('')

  // Scrolled up, the newest message is not on screen.
  scroll({ currentTarget: { scrollTop: -300, scrollHeight: 5_000, clientHeight: 500 } })
  await bob.sends(id, 'unseen')
  await expect.poll(() => textOf(root)).toContain('unseen')
  expect((await alice.conversation(id))?.membership.unreadCount).toBe(1)
  scroll({ currentTarget: { scrollTop: 0, scrollHeight: 5_000, clientHeight: 500 } })
  await expect.poll(async () => (await alice.conversation(id))?.membership.unreadCount).toBe(0)
})
