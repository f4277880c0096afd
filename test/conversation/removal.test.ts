import pg from 'pg'
import { expect, test } from 'vitest'
import { announces } from '../group/verbs.ts'
import { ask } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld()

const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

/** Asks for something below the announcement of a group, and removes the viewer before the announcement is read. */
async function asksWhileRemoved(person: Person, groupId: string, selection: string) {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    await client.query('begin; lock table announcement in access exclusive mode')
    const remove = 'delete from membership where conversation_id = $1 and user_id = $2'
    await client.query(remove, [groupId, person.id])
    const text = `{ conversations { nodes { id ... on GroupConversation { announcement { group ${selection} } } } } }`
    const asked = ask(world.url, text, person.credentials.accessToken)
    await expect.poll(async () => (await client.query(waiting)).rowCount).toBeGreaterThan(0)
    await client.query('commit')
    return (await asked).body
  } finally {
    await client.end()
  }
}

test.each([
  ['changes(afterVersion: 1) { version hasMore messages { id } }', { changes: { version: 1, messages: [] } }],
  ['messages { totalCount pageInfo { hasNextPage } }', { messages: {} }],
  ['members { totalCount nodes { user { id } } }', { members: { totalCount: 2 } }],
  ['announcements { nodes { text } }', { announcements: { nodes: [{ text: 'No smoking.' }] } }],
  ['membership { role } title owner { id } joinRequests { totalCount }', { title: 'the club' }],
])('a member who is removed while %s is read gets no error', async (selection, expected) => {
  const [alice, bob] = await world.people('alice', 'bob')
  const { id } = await alice.creates('the club', [bob])
  await announces(alice, id, 'No smoking.')
  const { data, errors } = await asksWhileRemoved(bob, id, `{ ${selection} }`)
  expect(errors).toBeUndefined()
  expect(data?.conversations).toMatchObject({ nodes: [{ id, announcement: { group: expected } }] })
})
