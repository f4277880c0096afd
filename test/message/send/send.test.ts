import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

describe('sending', () => {
  test('a message gets the next number, reaches the peer and counts as unread for the peer only', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id, maxSeq } = await alice.opens(bob)

    const message = await liveEqualsRefetch([alice, bob], () => alice.sends(id, '你好，hello'))

    expect(message).toMatchObject({ seq: maxSeq + 1, plainText: '你好，hello', sender: { id: alice.id } })
    expect((await bob.conversation(id))?.membership).toMatchObject({ unreadCount: 1 })
    expect((await alice.conversation(id))?.membership).toMatchObject({ unreadCount: 0, readSeq: message.seq })
  })

  test('a retry with the same key returns the same message, also after an edit, a recall and a removal', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('retries', [bob])
    const clientMessageId = 'a key of bob'
    const again = () => bob.sends(group.id, 'once', { clientMessageId })
    const first = await again()
    const same = { id: first.id, seq: first.seq, sentAt: first.sentAt }

    expect(await again()).toEqual(first)
    await bob.edits(first, 'once, edited')
    expect(await again()).toMatchObject({ ...same, plainText: 'once, edited' })
    await bob.recalls(first)
    expect(await again()).toMatchObject({ ...same, content: { __typename: 'RecalledContent' } })
    await alice.removes(group.id, bob)
    expect(await again()).toMatchObject(same)
    expect(await alice.history(group.id)).toHaveLength((await alice.conversation(group.id))?.maxSeq ?? 0)
  })

  test('the same key with other content or another conversation is refused with CONFLICT', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.opens(bob)
    const other = await alice.opens(carol)
    const clientMessageId = 'one key'
    await alice.sends(id, 'this', { clientMessageId })

    const refused = await refusalOf(alice.sends(id, 'that', { clientMessageId }))
    expect(refused.code).toBe('CONFLICT')
    expect(refused.extensions.issues).toMatchObject([{ path: 'input.clientMessageId' }])
    expect(await refusal(alice.sends(other.id, 'this', { clientMessageId }))).toBe('CONFLICT')
    expect((await carol.conversation(other.id))?.maxSeq).toBe(other.maxSeq)
    expect((await bob.sends(id, 'this', { clientMessageId })).plainText).toBe('this')
  })

  test('sends to conversations of others and to missing ones are refused alike', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const mallory = await world.person('mallory')
    const { id } = await alice.opens(bob)

    const answers = [
      await refusalOf(mallory.sends(id, 'hi')),
      await refusalOf(mallory.sends('group_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'hi')),
    ]
    expect(answers.map((refused) => refused.message)).toEqual(
      Array(2).fill('NOT_FOUND: There is no such conversation.'),
    )
  })

  test('a quote is a readable message and shows its current state', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id, maxSeq } = await alice.opens(bob)
    const question = await alice.sends(id, 'lunch?')
    const answer = await liveEqualsRefetch([alice, bob], () =>
      bob.sends(id, 'yes', { quoteSeq: question.seq }),
    )

    expect(answer.quote).toMatchObject({ seq: question.seq, plainText: 'lunch?' })
    expect(await refusal(bob.sends(id, 'no', { quoteSeq: answer.seq + 1 }))).toBe('INVALID_INPUT')
    expect(await refusal(bob.sends(id, 'no', { quoteSeq: 0 }))).toBe('INVALID_INPUT')
    await liveEqualsRefetch([alice, bob], () => alice.recalls(question))
    expect((await bob.message(answer.id))?.quote?.plainText).toBe('Message recalled')
    expect(question.seq).toBe(maxSeq + 1)
  })

  test('sentAt never decreases', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    await Promise.all(Array.from({ length: 30 }, (_, n) => (n % 2 ? alice : bob).sends(id, `${n}`)))

    const times = (await alice.history(id))?.map((message) => message.sentAt) ?? []
    expect(times).toEqual([...times].sort())
  })
})

describe('the content of a send', () => {
  const limit = 4_000

  test('may have text up to the limit in code points, and not one more', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)

    expect((await alice.sends(id, '𠮷'.repeat(limit))).seq).toBeGreaterThan(0)
    const refused = await refusalOf(alice.sends(id, '𠮷'.repeat(limit + 1)))
    expect(refused.code).toBe('INVALID_INPUT')
    expect(refused.extensions.issues).toEqual([
      { path: 'input.content.text', message: expect.stringContaining('4000') },
    ])
  })

  test.each([
    ['nothing', ''],
    ['white space', ' \n\t\u3000'],
    ['nothing to see', '\u200b\u2060'],
    ['U+0000', 'a\u0000b'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('is refused with %s', async (_what, text) => {
    const [alice, bob] = await world.friends('alice', 'bob')
    expect(await refusal(alice.sends((await alice.opens(bob)).id, text))).toBe('INVALID_INPUT')
  })

  test('is refused with U+0000 in any id', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    expect(await refusal(alice.conversation('a\u0000'))).toBe('INVALID_INPUT')
    expect(await refusal(alice.sends('a\u0000', 'hi'))).toBe('INVALID_INPUT')
    expect(await refusal(alice.reads('a\u0000', 1))).toBe('INVALID_INPUT')
    expect((await alice.sends((await alice.opens(bob)).id, 'others go on')).seq).toBeGreaterThan(0)
  })

  test('is stored in normal form C', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'cafe\u0301')
    expect(message.content).toMatchObject({ text: 'caf\u00e9' })
  })

  test('needs a key of 1 to 64 printable ASCII characters', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const send = (clientMessageId: string) => alice.sends(id, 'hi', { clientMessageId })

    expect((await send('k'.repeat(64))).clientMessageId).toHaveLength(64)
    for (const key of ['k'.repeat(65), '', 'schlüssel', 'a\nb'])
      expect(await refusal(send(key))).toBe('INVALID_INPUT')
  })

  test('may mention members, whose mention counts follow', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('mentions', [bob])
    const mention = { mention: { userId: bob.id, displayText: '@张经理' } }
    const parts = [{ text: '你好 ' }, mention, { text: ' 和 ' }, { mentionAll: { displayText: '@全体成员' } }]

    const message = await alice.sendsContent(group.id, { richText: { parts } })
    expect(message).toMatchObject({ plainText: '你好 @张经理 和 @全体成员', mentionsAll: true })
    expect((await bob.conversation(group.id))?.membership).toMatchObject({
      unreadMentionCount: 1,
      nextMentionSeq: message.seq,
    })
    expect((await alice.conversation(group.id))?.membership.unreadMentionCount).toBe(0)
    await alice.recalls(message)
    expect((await bob.conversation(group.id))?.membership.unreadMentionCount).toBe(0)

    const stranger = { mention: { userId: carol.id, displayText: '@carol' } }
    expect(await refusal(alice.sendsContent(group.id, { richText: { parts: [stranger] } }))).toBe(
      'INVALID_INPUT',
    )
    expect(await refusal(alice.sendsContent(group.id, { richText: { parts: [] } }))).toBe('INVALID_INPUT')
    const long = [{ text: 'a'.repeat(limit - 5) }, { mentionAll: { displayText: '@all' } }]
    expect((await alice.sendsContent(group.id, { richText: { parts: long } })).mentionsAll).toBe(true)
    const longer = [{ text: 'a'.repeat(limit - 3) }, { mentionAll: { displayText: '@all' } }]
    expect(await refusal(alice.sendsContent(group.id, { richText: { parts: longer } }))).toBe('INVALID_INPUT')
  })
})
