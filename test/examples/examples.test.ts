import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createParlance, memoryStorage, type Parlance } from '@parlance/client'
import { ParlanceProvider } from '@parlance/react'
import { createElement as h } from 'react'
import { act, create, type ReactTestRenderer } from 'react-test-renderer'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../world/eventually.ts'
import { passwordOf } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ DIRECT_MESSAGES_FROM: 'everyone' })
const root = join(import.meta.dirname, '../..')
const folder = join(root, 'examples')
const examples = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

// Not part of this program: examples have the types of browsers.
const load = (path: string) => import(/* @vite-ignore */ join(folder, path))

test.each([...examples, '../web'])(
  'the example %s starts by npm start, with the versions of the repository',
  (name) => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
    const { version, dependencies, devDependencies } = read(join(root, 'package.json'))
    const own = read(join(folder, name, 'package.json'))
    expect(own.scripts.start).toBeTruthy()
    const wanted: Record<string, string> = { ...own.dependencies, ...own.devDependencies }
    const known: Record<string, string> = { ...dependencies, ...devDependencies }
    for (const [dependency, range] of Object.entries(wanted))
      expect([dependency, range]).toEqual([
        dependency,
        dependency.startsWith('@parlance/') ? version : known[dependency],
      ])
  },
)

test.each(examples)('the example %s connects in at most 15 lines', (name) => {
  const paths = ['parlance.mjs', 'src/parlance.ts'].map((path) => join(folder, name, path))
  const [glue = ''] = paths.filter((path) => existsSync(path))
  const lines = readFileSync(glue, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !/^\s*(\/\/|\/\*|\*)/.test(line))
  expect(lines.length).toBeLessThanOrEqual(15)
})

test('the examples fit the types of the packages', () =>
  promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]).catch(
    ({ stdout }: { stdout: string }) => expect(stdout).toBe(''),
  ))

test('the quickstarts show code that is checked', () => {
  const page = (path: string) => readFileSync(join(root, path), 'utf8')
  const shown = [
    ...page('docs/quickstart-react.md').matchAll(/^`(examples\/.+)`:\n\n```tsx?\n([\s\S]*?)```/gm),
  ]
  expect(shown).toHaveLength(5)
  for (const [, path = '', code] of shown) expect(code).toBe(page(path))
  for (const name of ['apollo', 'urql']) {
    const [block = 'none'] = page(`packages/${name}/README.md`).match(/```ts\n[\s\S]*?```/) ?? []
    expect(page(`docs/quickstart-${name}.md`)).toContain(block)
  }
})

test('the bot registers and answers a message', async () => {
  const { startClient } = await load('node-bot/parlance.mjs')
  const { answerMessages } = await load('node-bot/answers.mjs')
  const alice = await world.person('alice')
  const bot = (await startClient(world.url, 'example-bot', 'correct horse battery')) as Parlance
  answerMessages(bot)
  onTestFinished(() => bot.close())
  await eventually(() => expect(bot.me.get()).not.toBeNull())
  const { id } = await alice.opens({ id: bot.me.get()?.user.id ?? '' } as never)
  await eventually(() => expect(bot.conversations.get()).toHaveLength(1))
  await alice.sends(id, 'hello')
  const texts = async () => (await alice.history(id))?.map(({ plainText }) => plainText)
  await vi.waitFor(async () => expect(await texts()).toContain('You wrote: hello'), { timeout: 20_000 })
})

test('the React example signs in, opens a conversation, and sends and receives', async () => {
  const { App } = await load('react/src/app.tsx')
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  await bob.sends(id, 'hello')
  const client = createParlance({
    ...{ url: world.url, storage: memoryStorage() },
    webSocket: (address, protocol) => new WebSocket(address, protocol),
  })
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  onTestFinished(() => void vi.unstubAllGlobals())
  let page = null as unknown as ReactTestRenderer
  act(() => {
    page = create(h(ParlanceProvider, { client }, h(App)))
  })
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false)
  onTestFinished(() => {
    page.unmount()
    client.close()
  })
  const shown = () => JSON.stringify(page.toJSON())
  const types = (label: string, value: string) =>
    eventually(() => page.root.findByProps({ 'aria-label': label }).props.onChange({ target: { value } }))
  const submits = () => page.root.findByType('form').props.onSubmit({ preventDefault() {} })
  const filled = (label: string, value: string) =>
    eventually(() => expect(page.root.findByProps({ 'aria-label': label }).props.value).toBe(value))

  await eventually(() => expect(shown()).toContain('Sign in'))
  await types('Handle', alice.handle)
  await types('Password', passwordOf(alice.handle))
  await filled('Password', passwordOf(alice.handle))
  submits()
  const row = () =>
    page.root.findAllByType('button').find(({ props }) => String(props.children).includes('bob'))
  await eventually(() => expect(row()).toBeDefined())
  row()?.props.onClick()
  await eventually(() => expect(shown()).toContain('hello'))
  await types('Message', 'hi bob')
  await filled('Message', 'hi bob')
  submits()
  await eventually(() => expect(shown()).toContain('"hi bob"'))
  await bob.sends(id, 'how are you?')
  await eventually(() => expect(shown()).toContain('how are you?'))
})
