import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { blocks } from '../../contact/verbs.ts'
import { ask } from '../../server/wire.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'
import { reactionLines, reactionsOn, reacts, unreacts } from '../verbs.ts'

const world = useWorld({ LIMIT_REACTIONS_PER_MESSAGE: '3', LIMIT_REACTIONS_PER_PERSON: '2' })

describe('reacting', () => {
  test('a reaction reaches every member and device, in the order of first use', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const phone = await bob.onAnotherDevice('phone')
    const { id } = await alice.creates('party', [bob, carol])
    const message = await alice.sends(id, 'cake!')

    const reacted = await liveEqualsRefetch([alice, bob, phone, carol], () => reacts(bob, message, '🎂'))
    expect(reacted).toMatchObject({ id: message.id, plainText: 'cake!', editedAt: null })
    expect(reacted.version).toBeGreaterThan(message.version)
    await reacts(carol, message, '👍')
    await reacts(carol, message, '🎂')

    expect(await reactionLines(bob, message)).toEqual(['🎂 2 bob carol *', '👍 1 carol'])
    expect(await reactionLines(alice, message)).toEqual(['🎂 2 bob carol', '👍 1 carol'])
    const [page] = (await reactionsOn(alice, message, { first: 1 })) ?? []
    expect(page?.users.pageInfo.hasNextPage).toBe(true)
    const [rest] =
      (await reactionsOn(alice, message, { first: 1, after: page?.users.pageInfo.endCursor })) ?? []
    expect(rest?.users.edges.map(({ node }) => node.displayName)).toEqual(['carol'])

    await liveEqualsRefetch([alice, bob, phone, carol], () => unreacts(bob, message, '🎂'))
    expect(await reactionLines(alice, message)).toEqual(['👍 1 carol', '🎂 1 carol'])
  })

  test('a missed reaction arrives with the changes and does not mark the text as edited', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'there?')
    const cursor = await alice.syncCursor()
    await reacts(bob, message, '👋')

    const changes = await alice.changes(id, message.version)
    expect(changes?.messages).toMatchObject([{ id: message.id, reactions: [{ emoji: '👋', count: 1 }] }])
    const inbox = await alice.listens({ after: cursor })
    // Messages before the cursor may be sent again with it.
    const missed = (each: { id: string; version: number }) =>
      each.id === message.id && each.version > message.version
    const { messages } = await inbox.sees('MessagesChanged', (event) => event.messages.some(missed))
    expect(messages.find(missed)).toMatchObject({ reactions: [{ emoji: '👋', count: 1 }] })
    expect((await alice.conversation(id))?.membership.unreadCount).toBe(0)
  })

  test('adding a reaction twice and removing a missing one change nothing', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'hello')

    expect(await unreacts(bob, message, '👍')).toEqual(message)
    const reacted = await reacts(bob, message, '👍')
    expect(await reacts(bob, message, '👍')).toEqual(reacted)
    expect(await unreacts(alice, message, '👍')).toEqual(reacted)
    expect((await alice.conversation(id))?.version).toBe(reacted.version)
  })

  test('equivalent spellings are one reaction, and other texts are refused', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'hello')
    const heart = '\u2764'

    await reacts(bob, message, heart)
    await reacts(alice, message, `${heart}\ufe0f`)
    expect(await reactionLines(bob, message)).toEqual([`${heart}\ufe0f 2 bob alice *`])
    expect((await unreacts(bob, message, `${heart}\ufe0f`)).reactions).toMatchObject([{ count: 1 }])
    for (const emoji of ['🏳️‍🌈', '👍🏽', '🇩🇪', '1️⃣', '👩‍❤️‍👨']) {
      const { reactions } = await reacts(bob, message, emoji)
      expect(reactions.map((each) => each.emoji)).toContain(emoji)
      await unreacts(bob, message, emoji)
    }
    for (const text of ['', ' ', '1', 'x', ':+1:', '👍👍', '👍 ', '🇩', 'x'.repeat(1000)])
      expect(await refusal(reacts(bob, message, text)), text).toBe('INVALID_INPUT')
  })

  test('the limits per message and per user hold, and one more is refused', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const { id } = await alice.creates('many', [bob, carol])
    const message = await alice.sends(id, 'hello')

    await reacts(alice, message, '1️⃣')
    await reacts(alice, message, '2️⃣')
    const mine = await refusalOf(reacts(alice, message, '3️⃣'))
    expect(mine).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 2 } })
    await reacts(bob, message, '3️⃣')
    const all = await refusalOf(reacts(bob, message, '4️⃣'))
    expect(all).toMatchObject({ code: 'LIMIT_EXCEEDED', extensions: { limit: 3 } })
    expect((await reacts(bob, message, '1️⃣')).reactions).toMatchObject([
      { emoji: '1️⃣', count: 2 },
      { emoji: '2️⃣', count: 1 },
      { emoji: '3️⃣', count: 1 },
    ])
    await unreacts(alice, message, '2️⃣')
    expect((await reacts(carol, message, '4️⃣')).reactions).toHaveLength(3)
  })
})

describe('permission to react', () => {
  test('reactions to system, recalled and unreadable messages are refused', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const mallory = await world.person('mallory')
    const { id } = await alice.creates('limits', [bob])
    const before = await alice.sends(id, 'before carol')
    const [system] = (await alice.history(id)) ?? []
    await alice.adds(id, carol)
    const after = await alice.sends(id, 'after')

    expect(await refusal(reacts(alice, system as { id: string }, '👍'))).toBe('FORBIDDEN')
    expect(await refusal(reacts(carol, before, '👍'))).toBe('NOT_FOUND')
    expect(await refusal(unreacts(carol, before, '👍'))).toBe('NOT_FOUND')
    expect(await refusal(reacts(mallory, after, '👍'))).toBe('NOT_FOUND')
    await reacts(carol, after, '👍')
    await alice.removes(id, carol)
    expect(await refusal(reacts(carol, after, '🎂'))).toBe('NOT_FOUND')
    expect(await reactionLines(bob, after)).toEqual(['👍 1 carol'])
    await alice.recalls(after)
    expect(await refusal(reacts(bob, after, '👍'))).toBe('CONFLICT')
  })

  test('a recall removes the reactions', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'hello')
    await reacts(bob, message, '🎂')
    const recalled = await liveEqualsRefetch([alice, bob], () => alice.recalls(message))
    expect(recalled.reactions).toEqual([])
    expect(await unreacts(bob, message, '🎂')).toEqual(recalled)
    expect(JSON.stringify(await bob.changes(message.conversationId, 0))).not.toContain('🎂')
  })

  test('in a direct conversation requires the permission to write; removing is always allowed', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'hello')
    await reacts(bob, message, '👍')
    await blocks(alice, bob)

    expect(await refusal(reacts(alice, message, '🎂'))).toBe('BLOCKED')
    expect(await refusal(reacts(bob, message, '🎂'))).toBe('NOT_FRIENDS')
    expect((await reacts(bob, message, '👍')).reactions).toHaveLength(1)
    expect((await unreacts(bob, message, '👍')).reactions).toEqual([])
  })

  test('members may react where only admins may send, but not while they are muted', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.creates('news', [bob], { postingPolicy: 'ADMINS' })
    await alice.changesGroup(id, { mutedAll: true })
    const message = await alice.sends(id, 'news')

    expect((await reacts(bob, message, '👍')).reactions).toHaveLength(1)
    await muted(id, bob)
    expect(await refusal(reacts(bob, message, '🎂'))).toBe('MUTED')
    expect((await unreacts(bob, message, '👍')).reactions).toEqual([])
  })

  async function muted(conversationId: string, person: { id: string }): Promise<void> {
    const client = new pg.Client({ connectionString: world.databaseUrl })
    await client.connect()
    await client.query(
      `update membership set muted_until = clock_timestamp() + interval '1 hour'
       where conversation_id = $1 and user_id = $2`,
      [conversationId, person.id],
    )
    await client.end()
  }
})

test('a reaction that is committed while its message is read belongs to the next version', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const message = await alice.sends(id, 'cake!')
  const database = new pg.Client({ connectionString: world.databaseUrl })
  await database.connect()
  onTestFinished(() => database.end())

  await database.query('begin; lock table reaction in access exclusive mode')
  const place = [id, message.seq, message.version + 1]
  await database.query('update message set version = $3 where conversation_id = $1 and seq = $2', place)
  await database.query(
    'insert into reaction (conversation_id, seq, emoji, user_id, version) values ($1, $2, $4, $5, $3)',
    [...place, '🎂', bob.id],
  )
  const read = () =>
    ask(
      world.url,
      'query ($id: ID!) { message(id: $id) { version reactions { emoji count reactedByMe } } }',
      bob.credentials.accessToken,
      { id: message.id },
    )
  const reading = read()
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  await expect.poll(async () => (await database.query(waiting)).rowCount).toBeGreaterThan(0)
  await database.query('commit')

  expect((await reading).body.data).toEqual({ message: { version: message.version, reactions: [] } })
  expect((await read()).body.data).toEqual({
    message: { version: message.version + 1, reactions: [{ emoji: '🎂', count: 1, reactedByMe: true }] },
  })
})
