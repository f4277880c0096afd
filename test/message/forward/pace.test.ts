import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { forwards } from '../content/verbs.ts'

describe('the rate limit of sends', () => {
  const world = useWorld({ LIMIT_SENDS_PER_SECOND: '1', LIMIT_SEND_BURST: '8' })

  test('counts every copy of a forward and does not refuse a retry', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const said = [await alice.sends(id, 'one'), await alice.sends(id, 'two')]
    const targets = ['a', 'b', 'c'].map((clientMessageId) => ({ id, clientMessageId }))
    const copies = await forwards(alice, said, targets, 'SEPARATE')
    expect(copies).toHaveLength(6)

    const refused = await refusalOf(forwards(alice, said, [{ id }, { id }, { id }], 'SEPARATE'))
    expect(refused.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) })
    expect(await forwards(alice, said, targets, 'SEPARATE')).toEqual(copies)
  })
})

describe('the duplicate-text limit', () => {
  const world = useWorld({ LIMIT_SAME_TEXT_CONVERSATIONS: '2', LIMIT_SAME_TEXT_PAUSE_SECONDS: '3600' })

  test('delays forwards, too', async () => {
    const [alice, bob, carol, dave] = await world.friends('alice', 'bob', 'carol', 'dave')
    const [first, second, third] = [await alice.opens(bob), await alice.opens(carol), await alice.opens(dave)]
    const fourth = await alice.creates('fourth', [])
    const said = [await alice.sends(first.id, 'buy my avocados now')]
    expect(await forwards(alice, said, [second])).toHaveLength(1)
    expect(await forwards(alice, said, [third])).toHaveLength(1)
    expect(await forwards(alice, said, [fourth])).toHaveLength(1)
    expect((await refusalOf(forwards(alice, said, [first]))).code).toBe('RATE_LIMITED')
  })
})

describe('slow mode', () => {
  const world = useWorld()

  test('lets a member forward one message at a time', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('slow', [bob], {})
    const { id } = await alice.opens(bob)
    const said = [await bob.sends(id, 'one'), await bob.sends(id, 'two')]
    await alice.changesGroup(group.id, { slowModeSeconds: 3_600 })
    const refused = await refusalOf(forwards(bob, said, [group], 'SEPARATE'))
    expect(refused.extensions).toMatchObject({ code: 'RATE_LIMITED', issues: [{ path: 'input.targets.0' }] })
    expect(await forwards(bob, said, [group])).toHaveLength(1)
    expect((await refusalOf(forwards(bob, said, [group]))).code).toBe('RATE_LIMITED')
    expect(await forwards(alice, [said[0] as never], [group, group], 'SEPARATE')).toHaveLength(2)
  })
})
