import { describe, expect, test } from 'vitest'
import { updatesProfile } from '../account/verbs.ts'
import { graphql } from '../generated/gql.ts'
import { refusal } from '../world/client.ts'
import { eventually } from '../world/eventually.ts'
import { liveEqualsRefetch } from '../world/mirror.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { png } from './samples.ts'
import { createsUpload, fetched, looksAt, uploads, uploadsReady } from './verbs.ts'

const world = useWorld()

const UserAvatar = graphql(`
  query UserAvatar($id: ID!) {
    user(id: $id) {
      avatarUrl
    }
  }
`)

const GroupAvatar = graphql(`
  query GroupAvatar($id: ID!) {
    conversation(id: $id) {
      ... on GroupConversation {
        avatarUrl
      }
    }
  }
`)

const pictureOf = async (person: Person, id: string) =>
  (await person.do(UserAvatar, { id })).user?.avatarUrl ?? null

async function pictureOfGroup(person: Person, id: string) {
  const { conversation } = await person.do(GroupAvatar, { id })
  return conversation && 'avatarUrl' in conversation ? (conversation.avatarUrl ?? null) : null
}

const hasImage = async (person: Person) =>
  uploadsReady(person, { bytes: await png(), filename: 'me.png', mimeType: 'image/png' })

describe('a picture of a person', () => {
  test('is seen by everybody under one address, which goes with it', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const image = await hasImage(ada)
    await liveEqualsRefetch([ada, bob], () => updatesProfile(ada, { avatarMediaId: image.id }))
    const url = await pictureOf(bob, ada.id)
    expect(url).toBe(await pictureOf(ada, ada.id))
    const seen = await fetched(url)
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/webp'])

    const other = await hasImage(ada)
    await updatesProfile(ada, { avatarMediaId: other.id })
    expect(await pictureOf(bob, ada.id)).not.toBe(url)
    expect((await fetched(url)).status).toBe(404)
    expect(await looksAt(ada, image.id)).toBeNull()

    await updatesProfile(ada, { avatarMediaId: '' })
    expect(await pictureOf(bob, ada.id)).toBeNull()
  })

  test('is an image of one’s own that is ready', async () => {
    const [ada, bob] = await world.people('ada', 'bob')
    const image = await hasImage(bob)
    expect(await refusal(updatesProfile(ada, { avatarMediaId: image.id }))).toBe('NOT_FOUND')
    expect(await refusal(updatesProfile(ada, { avatarMediaId: 'none' }))).toBe('NOT_FOUND')
    const file = await uploads(ada, { bytes: Buffer.from('no image') })
    expect(await refusal(updatesProfile(ada, { avatarMediaId: file.id }))).toBe('INVALID_INPUT')
    const begun = await createsUpload(ada, { filename: 'a.png', mimeType: 'image/png', byteSize: 10 })
    expect(await refusal(updatesProfile(ada, { avatarMediaId: begun.media.id }))).toBe('INVALID_INPUT')
    await updatesProfile(bob, { avatarMediaId: image.id })
  })

  test('cannot be guessed', async () => {
    expect((await fetched(`${world.url}/media/avatars/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(404)
  })
})

describe('a picture of a group', () => {
  test('is given at its making or later, by who manages it', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const [first, second] = [await hasImage(ada), await hasImage(ada)]
    const group = await ada.creates('team', [bob], { avatarMediaId: first.id })
    const url = await pictureOfGroup(bob, group.id)
    expect((await fetched(url)).status).toBe(200)

    const bobs = await hasImage(bob)
    expect(await refusal(bob.changesGroup(group.id, { avatarMediaId: bobs.id }))).toBe('FORBIDDEN')
    expect(await refusal(ada.changesGroup(group.id, { avatarMediaId: bobs.id }))).toBe('NOT_FOUND')
    await liveEqualsRefetch([ada, bob], () => ada.changesGroup(group.id, { avatarMediaId: second.id }))
    expect((await fetched(await pictureOfGroup(bob, group.id))).status).toBe(200)
    await eventually(async () => expect((await fetched(url)).status).toBe(404))
    expect(await refusal(ada.creates('other', [bob], { avatarMediaId: bobs.id }))).toBe('NOT_FOUND')
  })
})
