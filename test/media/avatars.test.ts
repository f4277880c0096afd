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

const avatarOf = async (person: Person, id: string) =>
  (await person.do(UserAvatar, { id })).user?.avatarUrl ?? null

async function groupAvatarOf(person: Person, id: string) {
  const { conversation } = await person.do(GroupAvatar, { id })
  return conversation && 'avatarUrl' in conversation ? (conversation.avatarUrl ?? null) : null
}

const uploadsImage = async (person: Person) =>
  uploadsReady(person, { bytes: await png(), filename: 'me.png', mimeType: 'image/png' })

describe('an avatar of a user', () => {
  test('has the same URL for every viewer, and the URL ends when the avatar is replaced', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const image = await uploadsImage(ada)
    await liveEqualsRefetch([ada, bob], () => updatesProfile(ada, { avatarMediaId: image.id }))
    const url = await avatarOf(bob, ada.id)
    expect(url).toBe(await avatarOf(ada, ada.id))
    const seen = await fetched(url)
    expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/webp'])

    const other = await uploadsImage(ada)
    await updatesProfile(ada, { avatarMediaId: other.id })
    expect(await avatarOf(bob, ada.id)).not.toBe(url)
    expect((await fetched(url)).status).toBe(404)
    expect(await looksAt(ada, image.id)).toBeNull()

    await updatesProfile(ada, { avatarMediaId: null })
    expect(await avatarOf(bob, ada.id)).toBeNull()
  })

  test('must be a READY image of the viewer', async () => {
    const [ada, bob] = await world.people('ada', 'bob')
    const image = await uploadsImage(bob)
    expect(await refusal(updatesProfile(ada, { avatarMediaId: image.id }))).toBe('NOT_FOUND')
    expect(await refusal(updatesProfile(ada, { avatarMediaId: 'none' }))).toBe('NOT_FOUND')
    const file = await uploads(ada, { bytes: Buffer.from('no image') })
    expect(await refusal(updatesProfile(ada, { avatarMediaId: file.id }))).toBe('INVALID_INPUT')
    const begun = await createsUpload(ada, { filename: 'a.png', mimeType: 'image/png', byteSize: 10 })
    expect(await refusal(updatesProfile(ada, { avatarMediaId: begun.media.id }))).toBe('INVALID_INPUT')
    await updatesProfile(bob, { avatarMediaId: image.id })
  })

  test('with an unknown key is answered with 404', async () => {
    expect((await fetched(`${world.url}/media/avatars/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(404)
  })
})

describe('an avatar of a group', () => {
  test('is set on creation or later, by managers only', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const [first, second] = [await uploadsImage(ada), await uploadsImage(ada)]
    const group = await ada.creates('team', [bob], { avatarMediaId: first.id })
    const url = await groupAvatarOf(bob, group.id)
    expect((await fetched(url)).status).toBe(200)

    const bobs = await uploadsImage(bob)
    expect(await refusal(bob.changesGroup(group.id, { avatarMediaId: bobs.id }))).toBe('FORBIDDEN')
    expect(await refusal(ada.changesGroup(group.id, { avatarMediaId: bobs.id }))).toBe('NOT_FOUND')
    await liveEqualsRefetch([ada, bob], () => ada.changesGroup(group.id, { avatarMediaId: second.id }))
    expect((await fetched(await groupAvatarOf(bob, group.id))).status).toBe(200)
    await eventually(async () => expect((await fetched(url)).status).toBe(404))
    expect(await refusal(ada.creates('other', [bob], { avatarMediaId: bobs.id }))).toBe('NOT_FOUND')
  })
})
