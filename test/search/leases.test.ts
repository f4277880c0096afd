import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { leases } from '../world/outbox.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { finds, indexed } from './verbs.ts'

const world = useWorld()

/** A conversation leased for indexing by a server of this name. */
async function leasedNotes(alice: Person, owner: string): Promise<string> {
  const { id } = await alice.creates('notes', [])
  await indexed(world.databaseUrl)
  onTestFinished(await leases(world.databaseUrl, 'search', [id], owner))
  return id
}

test('a conversation leased by a killed server is indexed before the lease ends', async () => {
  const alice = await world.person('alice')
  const notes = await leasedNotes(alice, 'parlance 1.000000 on a-machine-that-is-gone')
  await alice.sends(notes, 'a pearl')
  await expect.poll(() => finds(alice, 'pearl')).toEqual(['a pearl'])
})

test('a conversation leased by a running server is not indexed by another', async () => {
  const alice = await world.person('alice')
  const owner = 'parlance 2.ffffff on another-machine'
  const server = new pg.Client({ connectionString: world.databaseUrl, application_name: owner })
  await server.connect()
  const notes = await leasedNotes(alice, owner)
  const other = await alice.creates('other notes', [])
  await alice.sends(notes, 'an opal')
  for (const text of ['an onyx', 'an opal elsewhere']) {
    await alice.sends(other.id, text)
    await expect.poll(() => finds(alice, text)).toEqual([text])
  }
  expect(await finds(alice, 'opal')).toEqual(['an opal elsewhere'])

  await server.end()
  await expect.poll(() => finds(alice, 'opal')).toEqual(['an opal elsewhere', 'an opal'])
})

test('a server behind a pooler holds its lease during a transaction, and not by the name of an idle session', async () => {
  const alice = await world.person('alice')
  const owner = 'parlance 3.eeeeee on a-third-machine'
  const name = { application_name: `pooled ${owner}` }
  const session = new pg.Client({ connectionString: world.databaseUrl, ...name })
  await session.connect()
  onTestFinished(() => session.end())
  await session.query('begin')
  const notes = await leasedNotes(alice, owner)
  const other = await alice.creates('other notes', [])
  await alice.sends(notes, 'a ruby')
  await alice.sends(other.id, 'a garnet')
  await expect.poll(() => finds(alice, 'garnet')).toEqual(['a garnet'])
  expect(await finds(alice, 'ruby')).toEqual([])

  await session.query('commit')
  await expect.poll(() => finds(alice, 'ruby')).toEqual(['a ruby'])
})

test('a conversation whose claim could not be ended is indexed before the lease ends', async () => {
  const alice = await world.person('alice')
  const notes = await alice.creates('notes', [])
  await indexed(world.databaseUrl)
  const db = new pg.Client({ connectionString: world.databaseUrl })
  await db.connect()
  onTestFinished(() => db.end())
  await db.query(`
    create function keep_claim() returns trigger language plpgsql as $$ begin raise 'kept'; end $$;
    create trigger keep_claim before delete on outbox_claim for each row execute function keep_claim();
    create trigger keep_owner before update on outbox_claim
      for each row when (new.owner is null) execute function keep_claim()`)
  await alice.sends(notes.id, 'an agate')
  await expect.poll(() => finds(alice, 'agate')).toEqual(['an agate'])
  await db.query('drop function keep_claim cascade')
  await alice.sends(notes.id, 'an amber')
  await expect.poll(() => finds(alice, 'amber')).toEqual(['an amber'])
})
