import { describe, expect, onTestFinished, test } from 'vitest'
import { leases } from '../world/outbox.ts'
import { useWorld } from '../world/world.ts'
import { backEnds } from './back-ends.ts'
import { finds, indexed, search, suggestions } from './verbs.ts'

describe.each(backEnds)('search on $name with an outdated index', ({ env }) => {
  const world = useWorld(env)

  /** Stops indexing of these conversations. */
  async function staleIndex(...conversationIds: string[]) {
    await indexed(world.databaseUrl)
    const refresh = await leases(world.databaseUrl, 'search', conversationIds)
    onTestFinished(refresh)
    return refresh
  }

  test('never shows recalled messages', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'vanishing cream')
    const refresh = await staleIndex(id)
    expect(await finds(bob, 'vanishing')).toEqual(['vanishing cream'])

    await alice.recalls(message)
    for (const person of [alice, bob]) {
      expect((await search(person, 'vanishing')).edges).toEqual([])
      expect(await suggestions(person, 'vanish')).toEqual([])
    }
    await refresh()
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'vanishing')).toEqual([])
  })

  test('never shows text that an edit removed', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'the budget is forty thousand')
    await staleIndex(id)
    await alice.edits(message, 'the budget is confidential')

    expect(await finds(bob, 'forty')).toEqual([])
    expect(await suggestions(bob, 'for')).toEqual([])
    const { edges } = await search(bob, 'budget')
    expect(edges[0]?.node.highlights).toEqual([
      { snippet: 'the budget is confidential', ranges: [{ start: 4, length: 6 }] },
    ])
  })

  test('shows messages to members only, from their own time in the group', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('secrets', [bob])
    await alice.sends(group.id, 'a topaz from before')
    await alice.adds(group.id, carol)
    await alice.sends(group.id, 'a topaz for all')
    await staleIndex(group.id)
    expect(await finds(carol, 'topaz')).toEqual(['a topaz for all'])
    expect(await finds(bob, 'topaz')).toEqual(['a topaz for all', 'a topaz from before'])
    expect(await finds(carol, 'before')).toEqual([])
    expect(await suggestions(carol, 'topaz')).toEqual(['topaz for'])

    await alice.removes(group.id, bob)
    expect(await finds(bob, 'topaz')).toEqual([])
    expect(await finds(bob, 'topaz', { filter: { conversationIds: [group.id] } })).toEqual([])
    expect(await suggestions(bob, 'topaz')).toEqual([])

    const mallory = await world.person('mallory')
    expect(await finds(mallory, 'topaz', { filter: { conversationIds: [group.id] } })).toEqual([])
    expect(await finds(mallory, 'topaz', { filter: { senderIds: [alice.id] } })).toEqual([])
  })

  test('shows a member who joined again only later messages', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('doors', [bob, carol])
    await alice.sends(group.id, 'an opal at first')
    await alice.removes(group.id, carol)
    await alice.sends(group.id, 'an opal in her absence')
    await alice.adds(group.id, carol)
    await alice.sends(group.id, 'an opal at last')
    await indexed(world.databaseUrl)
    expect(await finds(carol, 'opal')).toEqual(['an opal at last'])
  })
})
