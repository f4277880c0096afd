import { describe, expect, test } from 'vitest'
import { forwards } from '../message/content/verbs.ts'
import { rewrites } from '../message/verbs.ts'
import { refusal } from '../world/client.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { lines, transfers } from './verbs.ts'

const world = useWorld({ LIMIT_MENTION_ALL_GROUP_SIZE: '3' })

const all = { mentionAll: { displayText: '@all' } }

const mentionsAll = (person: Person, id: string) =>
  person.sendsContent(id, { richText: { parts: [all, { text: ' look' }] } })

/** Whether the user may mention all members, which the conversation says and a send shows. */
async function mayMentionAll(person: Person, id: string): Promise<boolean> {
  const says = (await person.conversation(id))?.viewerCanMentionAll
  const sent = await mentionsAll(person, id).then(
    () => 'SENT',
    (error: { code?: string }) => error.code,
  )
  expect([says, sent]).toEqual([says, says ? 'SENT' : 'FORBIDDEN'])
  return sent === 'SENT'
}

describe('mentionAllPolicy', () => {
  test('BY_SIZE, the default, permits all members up to the limit, and owner and admins above it', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    const { id, mentionAllPolicy } = await alice.creates('team', [bob, carol])
    expect(mentionAllPolicy).toBe('BY_SIZE')
    expect(await mayMentionAll(bob, id)).toBe(true)

    await liveEqualsRefetch([alice, bob, carol], () => alice.adds(id, dave))
    expect(await mayMentionAll(bob, id)).toBe(false)
    expect(await mayMentionAll(alice, id)).toBe(true)
    await liveEqualsRefetch([alice, bob, carol], () => alice.appoints(id, bob, 'ADMIN'))
    expect(await mayMentionAll(bob, id)).toBe(true)
    await liveEqualsRefetch([alice, bob, carol], () => transfers(alice, id, carol))
    expect(await mayMentionAll(alice, id)).toBe(true)
    await liveEqualsRefetch([bob, carol], () => carol.appoints(id, bob, 'MEMBER'))
    expect(await mayMentionAll(bob, id)).toBe(false)
    await liveEqualsRefetch([alice, bob, carol], () => carol.removes(id, dave))
    expect(await mayMentionAll(bob, id)).toBe(true)
  })

  test('EVERYONE and ADMINS apply at every size, and a system message reports the change', async () => {
    const [alice, bob, carol, dave] = await world.people('alice', 'bob', 'carol', 'dave')
    const { id } = await alice.creates('team', [bob, carol, dave], { mentionAllPolicy: 'EVERYONE' })
    expect(await mayMentionAll(bob, id)).toBe(true)
    await alice.removes(id, dave)
    const changed = await liveEqualsRefetch([alice, bob], () =>
      alice.changesGroup(id, { mentionAllPolicy: 'ADMINS' }),
    )
    expect(changed.mentionAllPolicy).toBe('ADMINS')
    expect((await bob.history(id))?.at(-1)?.content).toMatchObject({
      event: 'MENTION_ALL_POLICY_CHANGED',
      change: { oldMentionAllPolicy: 'EVERYONE', newMentionAllPolicy: 'ADMINS' },
    })
    expect(await mayMentionAll(bob, id)).toBe(false)
    expect(await mayMentionAll(alice, id)).toBe(true)
    expect(await refusal(bob.changesGroup(id, { mentionAllPolicy: 'EVERYONE' }))).toBe('FORBIDDEN')
  })
})

describe('where the viewer may not mention all', () => {
  async function quietGroup() {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('quiet', [bob])
    const early = await mentionsAll(bob, id)
    await alice.changesGroup(id, { mentionAllPolicy: 'ADMINS' })
    return { alice, bob, id, early }
  }

  test('an edit may keep a mention of all, but not add one', async () => {
    const { alice, bob, id, early } = await quietGroup()
    const kept = await liveEqualsRefetch([alice, bob], () => rewrites(bob, early, [all, { text: '!' }]))
    expect(kept).toMatchObject({ mentionsAll: true, plainText: '@all!' })

    const message = await bob.sends(id, 'hello')
    expect(await refusal(rewrites(bob, message, [all]))).toBe('FORBIDDEN')
    await alice.appoints(id, bob, 'ADMIN')
    expect(await rewrites(bob, message, [all])).toMatchObject({ mentionsAll: true })
  })

  test('a forward carries the text without the mention, in both modes', async () => {
    const { bob, id, early } = await quietGroup()
    for (const mode of ['SEPARATE', 'MERGED'] as const) {
      const [copy] = await forwards(bob, [early], [{ id }], mode)
      expect(copy).toMatchObject({ mentionsAll: false })
    }
    expect((await lines(bob, id))?.at(-2)).toBe('@all look')
  })

  test('a refused mention sends nothing, and a mention of one member is permitted', async () => {
    const { alice, bob, id } = await quietGroup()
    const before = await lines(alice, id)
    expect(await refusal(mentionsAll(bob, id))).toBe('FORBIDDEN')
    expect(await lines(alice, id)).toEqual(before)
    const one = { mention: { userId: alice.id, displayText: '@alice' } }
    expect(await bob.sendsContent(id, { richText: { parts: [one] } })).toMatchObject({ mentionsAll: false })
  })
})

test('in a direct conversation both users may mention all', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  expect(await mayMentionAll(alice, id)).toBe(true)
  expect(await mayMentionAll(bob, id)).toBe(true)
})
