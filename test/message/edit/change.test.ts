import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { refusal } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import { useWorld } from '../../world/world.ts'

const world = useWorld()

/** Moves the time at which a message was sent into the past. */
async function age(message: { id: string }, seconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  await client.query(
    `update message set sent_at = clock_timestamp() - make_interval(secs => $2) where id = $1`,
    [message.id, seconds],
  )
  await client.end()
}

describe('editing', () => {
  test('an edit by the sender reaches every member', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'helo')

    const edited = await liveEqualsRefetch([alice, bob], () => alice.edits(message, 'hello'))

    expect(edited).toMatchObject({ id: message.id, seq: message.seq, plainText: 'hello' })
    expect(edited.version).toBeGreaterThan(message.version)
    expect(edited.editedAt).not.toBeNull()
  })

  test('an edit with the same text changes nothing', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'hello')
    expect(await alice.edits(message, 'hello')).toEqual(message)
  })

  test('edits by others, of recalled, system and unreadable messages are refused', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const mallory = await world.person('mallory')
    const { id } = await alice.opens(bob)
    const message = await alice.sends(id, 'mine')
    const [system] = (await alice.history(id)) ?? []

    expect(await refusal(bob.edits(message, 'yours'))).toBe('FORBIDDEN')
    expect(await refusal(alice.edits(system as { id: string }, 'ours'))).toBe('FORBIDDEN')
    expect(await refusal(mallory.edits(message, 'mine'))).toBe('NOT_FOUND')
    await alice.recalls(message)
    expect(await refusal(alice.edits(message, 'mine again'))).toBe('CONFLICT')
  })

  test('an edit is accepted within a day and refused with TOO_LATE after it', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [one, other] = [await alice.sends(id, 'one'), await alice.sends(id, 'other')]
    await age(one, 86_390)
    await age(other, 86_401)

    expect((await alice.edits(one, 'in time')).plainText).toBe('in time')
    expect(await refusal(alice.edits(other, 'too late'))).toBe('TOO_LATE')
  })
})

describe('recalling', () => {
  test('a recall erases the content everywhere and keeps the number', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const secret = 'a word that must vanish'
    const message = await alice.sends(id, secret)
    const quote = await bob.sends(id, 'what?', { quoteSeq: message.seq })

    const recalled = await liveEqualsRefetch([alice, bob], () => alice.recalls(message))

    expect(recalled).toMatchObject({
      seq: message.seq,
      content: { __typename: 'RecalledContent', recalledBy: { id: alice.id } },
    })
    const everything = [
      await bob.history(id),
      await bob.changes(id, 0),
      await bob.message(message.id),
      await bob.message(quote.id),
    ]
    expect(JSON.stringify(everything)).not.toContain(secret)
    expect(await alice.recalls(message)).toEqual(recalled)
    expect(await storedText(message)).not.toContain(secret)
  })

  test('a recall is accepted within two minutes and refused with TOO_LATE after them', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [one, other] = [await alice.sends(id, 'one'), await alice.sends(id, 'other')]
    await age(other, 121)
    expect(await refusal(alice.recalls(other))).toBe('TOO_LATE')

    await age(one, 115)
    expect((await alice.recalls(one)).recalledAt).not.toBeNull()
  })

  test('an admin recalls any message of the group at any time, a member only their own', async () => {
    const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
    const group = await alice.creates('recalls', [bob, carol])
    const message = await carol.sends(group.id, 'rude')
    const [system] = (await alice.history(group.id)) ?? []
    await age(message, 100_000)

    expect(await refusal(bob.recalls(message))).toBe('FORBIDDEN')
    expect(await refusal(carol.recalls(message))).toBe('TOO_LATE')
    expect(await refusal(alice.recalls(system as { id: string }))).toBe('FORBIDDEN')
    await alice.appoints(group.id, bob, 'ADMIN')
    const recalled = await liveEqualsRefetch([alice, bob, carol], () => bob.recalls(message))
    expect(recalled.content).toMatchObject({ recalledBy: { id: bob.id } })
  })

  test('a recall by the peer of a direct conversation is refused with FORBIDDEN', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const message = await alice.sends((await alice.opens(bob)).id, 'mine')
    expect(await refusal(bob.recalls(message))).toBe('FORBIDDEN')
  })

  async function storedText(message: { id: string }): Promise<string> {
    const client = new pg.Client({ connectionString: world.databaseUrl })
    await client.connect()
    const { rows } = await client.query(`select content::text as content from message where id = $1`, [
      message.id,
    ])
    await client.end()
    return rows[0].content
  }
})
