import { expect, vi } from 'vitest'
import type { FirstScreenQuery, OpenConversationQuery } from '../generated/graphql.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'
import type { AppSettings, ChatApp } from './chat-app.ts'
import { type CuttingProxy, cuttingProxy, upTo } from './cutting-proxy.ts'
import { FirstScreen, OpenConversation } from './operations.ts'

const patienceMs = 15_000

/** An application on an unreliable network while other users act. */
export async function chatThroughCuts(world: World, create: (settings: AppSettings) => Promise<ChatApp>) {
  const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
  const direct = await alice.opens(bob)
  const group = await bob.creates('weekend', [alice, carol])
  const former = await carol.creates('former', [alice, bob])
  const question = await bob.sends(group.id, 'who comes?')
  await bob.sends(direct.id, 'hello')

  const proxy = await cuttingProxy(world.url)
  const app = await create({ url: proxy.url, person: alice })
  await app.start()
  for (const { id } of [direct, former]) await app.opens(id)
  await settles(app, alice, [direct.id, former.id])

  const seed = Date.now() % 100_000
  proxy.storm(upTo(6_000, seed))
  const others = Promise.all([
    talk({ bob, carol, direct: direct.id, group: group.id, quoteSeq: question.seq, proxy }),
    changeThings({ alice, bob, carol, group: group.id, former: former.id }),
  ])
  await app.opens(group.id)
  const asked = queries(app)
  await ownerTalks(app, direct.id, group.id)
  await others
  proxy.calm()

  await settles(app, alice, [direct.id, group.id, former.id], `seed ${seed}`)
  expect(queries(app), 'what was fetched again').toEqual(asked)
  const texts = (await alice.history(direct.id))?.map((message) => message.plainText) ?? []
  expect(texts.filter((text) => text.startsWith('mine '))).toEqual(
    Array.from({ length: 12 }, (_, n) => `mine ${n}`),
  )
  return app
}

interface Talk {
  bob: Person
  carol: Person
  direct: string
  group: string
  quoteSeq: number
  proxy: CuttingProxy
}

/** The network breaks at least once in each round. */
async function talk({ bob, carol, direct, group, quoteSeq, proxy }: Talk): Promise<void> {
  for (let n = 0; n < 25; n += 1) {
    const message = await bob.sends(direct, `to alice ${n}`)
    const quote = await carol.sends(group, `to all ${n}`, n % 4 === 0 ? { quoteSeq } : {})
    if (n % 5 === 0) await bob.edits(message, `to alice ${n}, corrected`)
    if (n % 6 === 0) await carol.recalls(quote)
    if (n === 12) await bob.reads(direct, message.seq)
    await vi.waitFor(() => {
      if (proxy.cuts <= n) proxy.cut()
      expect(proxy.cuts).toBeGreaterThan(n)
    }, patienceMs)
  }
}

async function changeThings(given: {
  alice: Person
  bob: Person
  carol: Person
  group: string
  former: string
}): Promise<void> {
  const { alice, bob, carol, group, former } = given
  const fresh = await bob.creates('new', [alice])
  await bob.sends(fresh.id, 'welcome')
  await bob.changesGroup(group, { name: 'long weekend' })
  await carol.removes(former, alice)
  await carol.sends(former, 'not for alice')
  await bob.changesGroup(group, { description: 'mountains' })
  await bob.appoints(group, carol, 'ADMIN')
}

async function ownerTalks(app: ChatApp, direct: string, group: string): Promise<void> {
  for (let n = 0; n < 12; n += 1) {
    await app.sends(direct, `mine ${n}`)
    if (n % 3 === 0) await app.reads(group, n + 2)
  }
}

const queries = ({ requests }: ChatApp) =>
  requests.filter((name) => /^(FirstScreen|OpenConversation)$/.test(name))

/** The cache becomes equal to the state of the server without another fetch. */
async function settles(app: ChatApp, person: Person, open: string[], message = ''): Promise<void> {
  const screen = await person.do(FirstScreen, {})
  const histories = await Promise.all(open.map((id) => person.do(OpenConversation, { id })))
  const expected = shown(screen, histories)
  expect(inOrder(screen), 'the order of the server').toEqual(screen)
  await vi.waitFor(
    () =>
      expect(
        shown(
          app.list(),
          open.map((id) => app.history(id)),
        ),
        message,
      ).toEqual(expected),
    { timeout: patienceMs, interval: 50 },
  )
}

function shown(screen: FirstScreenQuery | null, histories: (OpenConversationQuery | null)[]) {
  const { syncCursor: _, ...rest } = screen ? inOrder(screen) : { syncCursor: '' }
  return plain({ screen: rest, histories })
}

/** In the order of the list: pinned first, then by latest activity. */
function inOrder(screen: FirstScreenQuery): FirstScreenQuery {
  const rank = ({ node }: FirstScreenQuery['conversations']['edges'][number]) =>
    `${node.membership.pinned ? 1 : 0} ${node.lastActivityAt} ${node.id}`
  const edges = [...screen.conversations.edges].sort((a, b) => (rank(a) < rank(b) ? 1 : -1))
  return { ...screen, conversations: { ...screen.conversations, edges } }
}

/** Without `__typename`, which caches add. */
const plain = (value: object): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === '__typename' ? undefined : part)))
