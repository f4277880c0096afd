import { describe, expect, test } from 'vitest'
import { forwards } from '../message/content/verbs.ts'
import type { Person } from '../world/person.ts'
import { loopLagOf } from '../world/probe/loop-lag.ts'
import { useWorld } from '../world/world.ts'
import { finds, indexed, search, suggestions } from './verbs.ts'

/** Maximum time for which search may block the event loop, in milliseconds. */
const lagMaxMs = 50

const letters = 'a'.repeat(4_000)
const accents = 'é'.repeat(2_000) + 'e\u0301\u0323'.repeat(600)
const marks = `e${'\u0301'.repeat(3_990)}`
const pairs = 'a '.repeat(2_000)
const joined = 'a.'.repeat(1_999)
const characters = Array.from({ length: 4_000 }, (_, index) =>
  String.fromCodePoint(0x4e00 + ((index * 7) % 20_000)),
).join('')

// Both back ends process texts in the same way.
describe('the event loop is not blocked', () => {
  const world = useWorld({ MEILI_URL: '' })

  async function conversation() {
    const [alice, bob] = await world.friends('alice', 'bob')
    return { alice, bob, id: (await alice.opens(bob)).id }
  }

  async function forwardsMany(alice: Person, bob: Person, texts: string[]) {
    const { id } = await alice.opens(bob)
    const sent = []
    for (const text of texts) sent.push(await alice.sends(id, text))
    await forwards(alice, sent, [{ id }])
  }

  test('while texts of one letter, of accents, of marks and of CJK characters are indexed', async () => {
    const { alice, bob } = await conversation()
    await forwardsMany(
      alice,
      bob,
      Array.from({ length: 58 }, () => letters),
    )
    const lagMs = await loopLagOf(async () => {
      for (const text of [accents, marks, characters, pairs, joined])
        await forwardsMany(alice, bob, [text, text])
      await indexed(world.databaseUrl)
    })
    expect(lagMs).toBeLessThan(lagMaxMs)
    expect((await search(bob, 'aaaaaaaa')).edges.length).toBeGreaterThan(0)
  }, 120_000)

  test('while long texts are searched for words, phrases, chains and words with typos', async () => {
    const { alice, bob, id } = await conversation()
    for (const text of [letters, accents, marks, characters, pairs, joined])
      for (let count = 0; count < 2; count += 1) await alice.sends(id, text)
    await indexed(world.databaseUrl)
    const queries = [
      'a',
      'aaaa',
      'é é é',
      'ééééé',
      'e\u0301',
      characters.slice(100, 200),
      'a a a b',
      `${'a.'.repeat(127)}b`,
      'aaaaaaaaab',
    ]
    const lagMs = await loopLagOf(async () => {
      for (const query of queries) await finds(bob, query, { first: 50 })
    })
    expect(lagMs).toBeLessThan(lagMaxMs)
  }, 120_000)

  test('while suggestions are made from messages that repeat the prefix', async () => {
    const { alice, bob, id } = await conversation()
    for (let count = 0; count < 12; count += 1) await alice.sends(id, pairs)
    await indexed(world.databaseUrl)
    const lagMs = await loopLagOf(async () => expect(await suggestions(bob, 'a')).toEqual(['a a']))
    expect(lagMs).toBeLessThan(lagMaxMs)
  }, 120_000)
})
