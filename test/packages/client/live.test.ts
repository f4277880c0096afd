import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { cuttingProxy } from '../../clients/cutting-proxy.ts'
import { reacts } from '../../message/verbs.ts'
import { onlyNotFound, Refused } from '../../world/client.ts'
import { eventually } from '../../world/eventually.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { type Phone, phoneOf, screensOf } from './phone.ts'

// A group of three is inline, one of four is signalled, and adding or removing a member crosses the line.
const world = useWorld({ LIMIT_INLINE_GROUP_SIZE: '3' })

const verbs = [
  ...['send', 'send', 'send', 'edit', 'recall', 'react', 'read', 'rename', 'remove', 'add'],
  ...['mySend', 'mySend', 'myReact', 'mySeen', 'myEdit', 'cut', 'cut', 'vanish', 'reload'],
] as const
const steps = fc.array(
  fc.record({ verb: fc.constantFrom(...verbs), where: fc.nat(2), who: fc.nat(2), number: fc.nat(1_000) }),
  { minLength: 25, maxLength: 25 },
)
type Step = { verb: (typeof verbs)[number]; where: number; who: number; number: number }

interface Scene {
  alice: Person
  others: Person[]
  ids: string[]
  phone: Phone
  proxy: Awaited<ReturnType<typeof cuttingProxy>>
  sent: Map<string, string[]>
}

/** Others act on the server itself; a refusal, such as that of a former member, is an outcome like others. */
async function others(
  { alice, others: people, ids, phone, proxy }: Scene,
  { verb, where, who, number }: Step,
) {
  const id = ids[where] as string
  const person = people[where === 0 ? 0 : who] as Person
  const history = async () => (await person.history(id)) ?? []
  const own = async () => (await history()).filter(({ sender }) => sender?.id === person.id).at(-1)
  if (verb === 'send') return person.sends(id, `text ${number}`)
  if (verb === 'cut') return proxy.cut()
  if (verb === 'vanish') return proxy.vanish()
  if (verb === 'reload') return phone.reload()
  if (verb === 'read') return person.reads(id, (await history()).at(-1)?.seq ?? 1)
  if (verb === 'rename') return where > 0 && people[0]?.changesGroup(id, { name: `name ${number}` })
  if (verb === 'remove')
    return where > 0 && people[0]?.removes(id, number % 2 ? alice : (people[2] as Person))
  if (verb === 'add') return where > 0 && people[0]?.adds(id, number % 2 ? alice : (people[2] as Person))
  const message = await own()
  if (!message) return
  if (verb === 'edit') return person.edits(message, `edited ${number}`)
  if (verb === 'recall') return person.recalls(message)
  if (verb === 'react') return reacts(person, message, number % 2 ? '👍' : '🎉')
}

function viewer({ ids, phone, sent }: Scene, { verb, where, number }: Step): void {
  const id = ids[where] as string
  const view = phone.parlance.conversation(id)
  const message = view.messages.get().items.at(-(1 + (number % 3)))
  const mine = view.messages.get().items.findLast(({ plainText }) => plainText.startsWith('mine'))
  const ignored = () => {}
  if (verb === 'mySeen') view.seen()
  if (verb === 'myReact' && message) view.react(message, '👍').catch(ignored)
  if (verb === 'myEdit' && mine) view.edit(mine, `mine, edited ${number}`).catch(ignored)
  // Without a connection the client does not know who the viewer is after a reload.
  if (verb !== 'mySend' || !phone.parlance.me.get()) return
  const { key } = view.send(`mine ${number}`)
  sent.set(id, [...(sent.get(id) ?? []), key])
}

async function play(history: readonly Step[]): Promise<void> {
  const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
  const direct = await bob.opens(alice)
  const small = await bob.creates('small', [alice, carol], { historyVisibility: 'ALL' })
  const large = await bob.creates('large', [alice, carol, dave], { historyVisibility: 'ALL' })
  const ids = [direct.id, small.id, large.id]
  const proxy = await cuttingProxy(world.url)
  let noise = 1
  const phone = phoneOf(alice, proxy.url, () => {
    noise = (noise * 16_807) % 2_147_483_647
    return noise / 2_147_483_647
  })
  const scene = { alice, others: [bob, carol, dave], ids, phone, proxy, sent: new Map<string, string[]>() }
  try {
    const listed = () => phone.parlance.conversations.get().map(({ id }) => id)
    await eventually(() => expect(listed()).toEqual(expect.arrayContaining(ids)))
    for (const step of history) {
      viewer(scene, step)
      await others(scene, step).catch((error: unknown) => {
        if (!(error instanceof Refused)) throw error
      })
    }
    await settles(scene)
  } finally {
    phone.close()
  }
}

/** The state equals that of a client that starts now, and each key arrived once, in order. */
async function settles({ alice, ids, phone, sent }: Scene): Promise<void> {
  const isDone = () => phone.parlance.outbox.items.get().every(({ state }) => state.status === 'failed')
  await vi.waitFor(() => expect(isDone()).toBe(true), { timeout: 15_000 })
  await vi.waitFor(
    async () => {
      const fresh = phoneOf(alice, world.url)
      try {
        await eventually(() => expect(fresh.parlance.me.get()).not.toBeNull())
        const expected = await screensOf(fresh, ids)
        const shown = await screensOf(phone, ids)
        expect(shown).toEqual(expected)
      } finally {
        fresh.close()
      }
    },
    { timeout: 15_000, interval: 100 },
  )
  for (const id of ids) {
    const failed = phone.parlance.outbox.items.get().map(({ key }) => key)
    const keys = ((await alice.history(id).catch(onlyNotFound)) ?? []).map(
      (message) => message.clientMessageId,
    )
    const wanted = (sent.get(id) ?? []).filter((key) => !failed.includes(key) && keys.includes(key))
    expect(keys.filter((key) => wanted.includes(String(key)))).toEqual(wanted)
  }
}

test('after any history on a network that cuts, delays and reorders, the client equals one that starts anew', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (history) => play(history)),
    { numRuns: 2, endOnFailure: true },
  )
})
