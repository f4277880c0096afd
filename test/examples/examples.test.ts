import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Parlance } from '@parlance/client'
import { expect, onTestFinished, test, vi } from 'vitest'
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
  const paths = ['parlance.mjs', 'parlance.js', 'src/parlance.ts'].map((path) => join(folder, name, path))
  const [glue = ''] = paths.filter((path) => existsSync(path))
  const lines = readFileSync(glue, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !/^\s*(\/\/|\/\*|\*)/.test(line))
  expect(lines.length).toBeLessThanOrEqual(15)
})

test('the quickstarts show code that is checked', () => {
  const page = (path: string) => readFileSync(join(root, path), 'utf8')
  const pages = { react: 5, vue: 5, 'mini-program': 4, apollo: 3, urql: 3 }
  for (const [name, count] of Object.entries(pages)) {
    const text = page(`docs/quickstart-${name}.md`)
    const shown = [...text.matchAll(/^`(examples\/.+)`:\n\n```\w+\n([\s\S]*?)```/gm)]
    expect(shown).toHaveLength(count)
    for (const [, path = '', code] of shown) expect(code).toBe(page(path))
    const [, template = ''] = text.match(/^npm run create -- \.\.\/my-chat --template (.+)$/m) ?? []
    expect(examples).toContain(template)
    const { dependencies } = JSON.parse(page(`examples/${template}/package.json`))
    for (const [, archive] of text.matchAll(/ \.\/parlance\/([\w-]+)\.tgz/g))
      expect(dependencies).toHaveProperty([`@parlance/${archive}`])
  }
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

test('the mini-program signs in, opens a conversation, and sends and receives', async () => {
  const { startProgram } = await load('mini-program/stand-in/program.mjs')
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await bob.opens(alice)
  await bob.sends(id, 'hello')
  const { page, types, opens, close } = await startProgram(world.url)
  onTestFinished(close)
  const texts = () => page.data.messages.map(({ plainText }: { plainText: string }) => plainText)

  types('handle', alice.handle)
  types('password', 'wrong')
  page.onSignIn()
  await eventually(() => expect(page.data.error).toContain('Incorrect'))
  types('password', passwordOf(alice.handle))
  page.onSignIn()
  await eventually(() => expect(page.data.rows).toMatchObject([{ id, title: 'bob', unreadCount: 1 }]))
  opens(id)
  await eventually(() => expect(texts()).toContain('hello'))
  const names = () => page.data.messages.map(({ name }: { name: string }) => name)
  await eventually(() => expect(names(), 'of the system, and of bob').toEqual(['', 'bob']))
  types('text', 'hi bob')
  page.onSend()
  await eventually(() => expect(texts()).toContain('hi bob'))
  await bob.sends(id, 'how are you?')
  await eventually(() => expect(texts().slice(-2)).toEqual(['hi bob', 'how are you?']))
  await eventually(() => expect(page.data.rows[0].unreadCount).toBe(0))
})
