import { expect, test } from 'vitest'
import { inDatabase } from '../auth/verbs.ts'
import { graphql } from '../generated/gql.ts'
import type { Person } from '../world/person.ts'
import { reportsMessage, useModeratedWorld } from './verbs.ts'

const { world, molly } = useModeratedWorld()

const ReportedMedia = graphql(`
  query ReportedMedia($id: ID!) {
    media(id: $id) {
      id
    }
  }
`)

const sees = async (person: Person, id: string) => (await person.do(ReportedMedia, { id })).media?.id === id

test('a moderator reads the media of a reported message until its recall, and no other media', async () => {
  const [alice, bob, carol] = await world.people('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  const messages: string[] = []
  for (const name of ['reported', 'not reported']) {
    const message = await alice.sends(id, name)
    await inDatabase(
      world,
      `insert into media (id, owner_id, kind, status, filename, mime_type, byte_size, object_key, expires_at)
       values ($1, $2, 'IMAGE', 'READY', 'picture.png', 'image/png', 1, $1, now())`,
      [name, alice.id],
    )
    await inDatabase(
      world,
      `insert into message_media (conversation_id, seq, media_id) values ($1, $2::integer, $3)`,
      [id, message.seq, name],
    )
    messages.push(message.id)
  }
  const [reported = '', other = ''] = messages
  expect(await Promise.all([alice, bob, carol, molly()].map((person) => sees(person, 'reported')))).toEqual([
    true,
    true,
    false,
    false,
  ])
  await reportsMessage(bob, { id: reported })
  expect([await sees(molly(), 'reported'), await sees(molly(), 'not reported')]).toEqual([true, false])
  expect(await sees(carol, 'reported')).toBe(false)

  await alice.recalls({ id: reported })
  expect(await sees(molly(), 'reported')).toBe(false)
  expect(await sees(bob, 'not reported')).toBe(true)
  expect((await bob.message(other))?.plainText).toBe('not reported')
})
