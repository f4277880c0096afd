import { describe, expect, test } from 'vitest'
import { finds, indexed } from '../../search/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, forwardOf, forwards } from '../content/verbs.ts'

const world = useWorld({ LIMIT_FORWARD_COUNT: '3', LIMIT_FORWARD_TARGETS: '3', LIMIT_FORWARD_BYTES: '2000' })

async function sayIn(id: string, ...lines: [Person, string][]) {
  const said = []
  for (const [person, text] of lines) said.push(await person.sends(id, text))
  return said
}

describe('a merged forward', () => {
  test('contains title, names and times of the group, live for every member', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('项目核心开发群', [bob])
    await bob.changesView(group.id, { nickname: '李四' })
    const said = await sayIn(group.id, [alice, '这是第一条'], [bob, '第二条'], [alice, 'third'])
    const target = await alice.opens(carol)

    const [message] = await liveEqualsRefetch([alice, carol], () => forwards(alice, said, [target]))

    expect(message).toMatchObject({ conversationId: target.id, plainText: '聊天记录 (3条)', quoteSeq: null })
    expect(await forwardOf(carol, message as { id: string })).toMatchObject({
      mode: 'MERGED',
      sourceKind: 'GROUP',
      sourceTitle: '项目核心开发群',
      summary: '聊天记录 (3条)',
      messages: [
        {
          senderName: 'alice',
          sentAt: said[0]?.sentAt,
          content: { __typename: 'TextContent', text: '这是第一条' },
        },
        { senderName: '李四', sentAt: said[1]?.sentAt, content: { text: '第二条' } },
        { senderName: 'alice', content: { text: 'third' } },
      ],
    })
    expect((await carol.conversation(target.id))?.membership.unreadCount).toBe(1)
  })

  test('of a direct conversation contains the names of both users at that time', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.opens(bob)
    const said = await sayIn(id, [bob, 'lunch?'], [alice, 'yes'])
    const group = await alice.creates('elsewhere', [carol])
    const [message] = await forwards(alice, [...said].reverse(), [group])

    expect(await forwardOf(carol, message as { id: string })).toMatchObject({
      sourceKind: 'DIRECT',
      sourceTitle: 'alice & bob',
      summary: 'Chat history (2 messages)',
      messages: [{ content: { text: 'lunch?' } }, { content: { text: 'yes' } }],
    })
  })

  test('stays when the original is edited or recalled, and is erased by its own recall', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const source = await alice.opens(bob)
    const [original] = await sayIn(source.id, [alice, 'the very words'])
    const target = await alice.opens(carol)
    const [copy] = await forwards(alice, [original as never], [target])
    const message = copy as { id: string }

    await alice.edits(original as { id: string }, 'other words')
    await alice.recalls(original as { id: string })
    expect((await forwardOf(carol, message)).messages).toMatchObject([
      { content: { text: 'the very words' } },
    ])

    await liveEqualsRefetch([alice, carol], () => alice.recalls(message))
    expect(await contentOf(carol, message)).toMatchObject({
      plainText: 'Message recalled',
      content: { __typename: 'RecalledContent' },
    })
    await indexed(world.databaseUrl)
    expect(await finds(carol, 'very words')).toEqual([])
  })

  test('is found by the words of its messages', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const source = await alice.opens(bob)
    const said = await sayIn(source.id, [alice, 'a pomegranate'], [bob, 'persimmons'])
    await forwards(alice, said, [await alice.opens(carol)])
    await indexed(world.databaseUrl)
    expect(await finds(carol, 'persimmons', { filter: { kinds: ['FORWARD'] } })).toEqual([
      'Chat history (2 messages)',
    ])
    expect(await finds(carol, 'persimmons', { filter: { kinds: ['TEXT'] } })).toEqual([])
  })

  test('can be nested three deep, and not four', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    let last = await alice.sends(id, 'the kernel')
    for (let depth = 1; depth <= 3; depth += 1)
      last = (await forwards(alice, [last], [{ id }]))[0] as typeof last
    expect(await forwardOf(bob, last)).toMatchObject({
      messages: [
        { content: { messages: [{ content: { messages: [{ content: { text: 'the kernel' } }] } }] } },
      ],
    })
    const refused = await refusalOf(forwards(alice, [last], [{ id }]))
    expect([refused.code, refused.extensions.limit]).toEqual(['LIMIT_EXCEEDED', 3])
    expect(await forwards(alice, [last], [{ id }], 'SEPARATE')).toHaveLength(1)
  })

  test('is refused with LIMIT_EXCEEDED beyond its size limit', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const small = await alice.sends(id, 'x'.repeat(1_500))
    const large = await alice.sends(id, 'x'.repeat(2_000))
    expect(await forwards(alice, [small], [{ id }])).toHaveLength(1)
    expect(await refusal(forwards(alice, [large], [{ id }]))).toBe('LIMIT_EXCEEDED')
  })
})

describe('a separate forward', () => {
  test('sends each message with its content and without mentions', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('source', [bob])
    const parts = [
      { text: 'hi ' },
      { mention: { userId: bob.id, displayText: '@bob' } },
      { mentionAll: { displayText: '@all' } },
    ]
    const one = await alice.sends(group.id, 'one')
    const two = await alice.sendsContent(group.id, { richText: { parts } })
    const target = await alice.creates('target', [bob, carol])

    const key = 'a key'
    const copies = await liveEqualsRefetch([alice, bob], () =>
      forwards(alice, [one, two], [{ ...target, clientMessageId: key }], 'SEPARATE'),
    )

    expect(copies.map(({ plainText, clientMessageId }) => [plainText, clientMessageId])).toEqual([
      ['one', 'a key→1'],
      ['hi @bob@all', 'a key→2'],
    ])
    expect(copies[1]).toMatchObject({ mentionsAll: false, content: { __typename: 'RichTextContent' } })
    expect((await bob.conversation(target.id))?.membership).toMatchObject({
      unreadCount: 2,
      unreadMentionCount: 0,
    })
    expect(await refusal(alice.sends(target.id, 'one', { clientMessageId: 'a key→3' }))).toBe('INVALID_INPUT')
  })
})

describe('a retry of a forward', () => {
  test('returns the same messages, also after a recall of the original, and adds new targets', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const source = await alice.opens(bob)
    const said = await sayIn(source.id, [alice, 'one'], [bob, 'two'])
    const first = { ...(await alice.opens(bob)), clientMessageId: 'first' }
    const second = { ...(await alice.opens(carol)), clientMessageId: 'second' }
    const made = await forwards(alice, said, [first], 'SEPARATE')

    expect(await forwards(alice, said, [first], 'SEPARATE')).toEqual(made)
    const both = await forwards(alice, said, [first, second], 'SEPARATE')
    expect(both.slice(0, 2)).toEqual(made)
    expect(both.slice(2).map(({ conversationId }) => conversationId)).toEqual([second.id, second.id])
    await alice.recalls(said[0] as { id: string })
    expect(await forwards(alice, said, [first, second], 'SEPARATE')).toEqual(both)
  })

  test('with the key of another message is refused with CONFLICT, and nothing is sent', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.opens(bob)
    const other = await alice.opens(carol)
    const said = await sayIn(id, [alice, 'one'], [bob, 'two'])
    await alice.sends(id, 'taken', { clientMessageId: 'taken' })
    const before = (await carol.conversation(other.id))?.maxSeq

    const refused = await refusalOf(forwards(alice, said, [other, { id, clientMessageId: 'taken' }]))
    expect(refused.extensions).toMatchObject({
      code: 'CONFLICT',
      issues: [{ path: 'input.targets.1.clientMessageId' }],
    })
    const twice = { id: other.id, clientMessageId: 'twice' }
    await forwards(alice, said, [twice], 'SEPARATE')
    expect(await refusal(forwards(alice, said.slice(1), [twice], 'SEPARATE'))).toBe('CONFLICT')
    expect((await carol.conversation(other.id))?.maxSeq).toBe((before ?? 0) + 2)
    expect(await refusal(forwards(alice, said, [twice, { id, clientMessageId: 'twice' }]))).toBe(
      'INVALID_INPUT',
    )
  })
})

describe('permission to forward', () => {
  test('all targets receive the forward or none, and the error names the refused target', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const source = await alice.opens(bob)
    const said = await sayIn(source.id, [alice, 'news'])
    const good = await alice.opens(carol)
    const closed = await bob.creates('closed', [alice], { postingPolicy: 'ADMINS' })
    const before = (await alice.conversation(good.id))?.maxSeq

    const refused = await refusalOf(forwards(alice, said, [good, closed]))
    expect(refused.extensions).toMatchObject({
      code: 'FORBIDDEN',
      issues: [{ path: 'input.targets.1', message: expect.any(String) }],
    })
    expect((await alice.conversation(good.id))?.maxSeq).toBe(before)
    await bob.changesGroup(closed.id, { postingPolicy: 'EVERYONE' })
    expect(await forwards(alice, said, [good, closed])).toHaveLength(2)
  })

  test('a conversation of others and a missing one are refused alike as source and target', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const mallory = await world.person('mallory')
    const { id } = await alice.opens(bob)
    const said = await sayIn(id, [alice, 'private'])
    const own = await mallory.creates('own', [])
    const nowhere = 'group_01ARZ3NDEKTSV4RRFFQ69G5FAV'

    const answers = [
      await refusalOf(forwards(mallory, said, [own])),
      await refusalOf(forwards(mallory, [{ conversationId: nowhere, seq: 1 }], [own])),
      await refusalOf(forwards(alice, said, [own])),
      await refusalOf(forwards(alice, said, [{ id: nowhere }])),
    ]
    expect(answers.map(({ message }) => message)).toEqual(
      Array(4).fill('NOT_FOUND: There is no such conversation.'),
    )
  })

  test('a new member forwards visible messages only; earlier and missing ones are refused alike', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('since joined', [])
    const early = await alice.sends(group.id, 'before bob')
    await alice.adds(group.id, bob)
    const late = await alice.sends(group.id, 'with bob')
    const target = await alice.opens(bob)

    const hidden = await refusalOf(forwards(bob, [early, late], [target]))
    const missing = await refusalOf(forwards(bob, [{ ...late, seq: 99 }], [target]))
    expect([hidden.message, missing.message]).toEqual(Array(2).fill('NOT_FOUND: There is no such message.'))
    expect(await forwards(bob, [late], [target])).toHaveLength(1)
  })

  test('recalled and system messages are refused', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('group', [bob])
    const gone = await alice.sends(group.id, 'gone')
    await alice.recalls(gone)
    expect(await refusal(forwards(alice, [gone], [group]))).toBe('CONFLICT')
    expect(await refusal(forwards(alice, [{ conversationId: group.id, seq: 1 }], [group]))).toBe('FORBIDDEN')
  })

  test('the limits of messages and targets hold at the limit and one beyond', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const said = await sayIn(id, [alice, '1'], [alice, '2'], [alice, '3'], [alice, '4'])
    expect(await forwards(alice, said.slice(1), [{ id }, { id }, { id }])).toHaveLength(3)
    expect(await refusal(forwards(alice, said, [{ id }]))).toBe('LIMIT_EXCEEDED')
    expect(await refusal(forwards(alice, said.slice(1), Array(4).fill({ id })))).toBe('LIMIT_EXCEEDED')
    const [first] = said
    expect(await refusal(forwards(alice, [first as never, first as never], [{ id }]))).toBe('INVALID_INPUT')
    expect(await refusal(forwards(alice, said.slice(1), []))).toBe('INVALID_INPUT')
    expect(await refusal(forwards(alice, [], [{ id }]))).toBe('INVALID_INPUT')
  })
})

describe('concurrent forwards', () => {
  test('with one key make one message', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id, maxSeq } = await alice.opens(bob)
    const said = await sayIn(id, [alice, 'once'])
    const target = { id, clientMessageId: 'once' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => forwards(alice, said, [target])))
    expect(new Set(answers.map(([message]) => message?.id)).size).toBe(1)
    expect((await alice.conversation(id))?.maxSeq).toBe(maxSeq + 2)
  })

  test('with one key to two conversations make one message and one CONFLICT', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.opens(bob)
    const other = await alice.opens(carol)
    const said = await sayIn(id, [alice, 'where to?'])
    const outcomes = await Promise.allSettled(
      [id, other.id].map((target) => forwards(alice, said, [{ id: target, clientMessageId: 'either' }])),
    )
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('and a recall: the message is copied before it, or refused', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const source = await alice.opens(bob)
    const target = await alice.opens(carol)
    for (let round = 0; round < 5; round += 1) {
      const original = await alice.sends(source.id, `secret ${round}`)
      const [copy] = await Promise.allSettled([
        forwards(alice, [original], [target]),
        alice.recalls(original),
      ])
      if (copy.status === 'rejected') expect(copy.reason.code).toBe('CONFLICT')
      else {
        const [message] = copy.value
        expect((await forwardOf(carol, message as { id: string })).messages).toMatchObject([
          { content: { text: `secret ${round}` } },
        ])
      }
    }
  })

  test('back and forth between two conversations do not deadlock', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const group = await alice.creates('there', [bob])
    const { id } = await alice.opens(bob)
    const here = await alice.sends(id, 'here')
    const there = await bob.sends(group.id, 'there')
    await Promise.all(
      Array.from({ length: 10 }, (_, round) =>
        round % 2 ? forwards(alice, [here], [group]) : forwards(bob, [there], [{ id }]),
      ),
    )
    expect((await bob.conversation(group.id))?.maxSeq).toBe(there.seq + 5)
  })
})
