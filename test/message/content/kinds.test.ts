import { describe, expect, test, vi } from 'vitest'
import { png } from '../../media/samples.ts'
import { createsUpload, fetched, looksAt, uploads, uploadsReady } from '../../media/verbs.ts'
import { finds, indexed } from '../../search/verbs.ts'
import { refusal, refusalOf } from '../../world/client.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, forwardOf, forwards } from './verbs.ts'

const world = useWorld()

const picture = async (person: Person, filename = 'tea.png') =>
  uploadsReady(person, { bytes: await png(), filename, mimeType: 'image/png' })

const paper = (person: Person, filename = 'plan 7.pdf') =>
  uploadsReady(person, { bytes: Buffer.from('nothing in particular'), filename, mimeType: 'text/plain' })

describe('a message with media', () => {
  test('shows image and caption to members of the conversation only', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const mallory = await world.person('mallory')
    const { id } = await alice.opens(bob)
    const { id: mediaId } = await picture(alice)
    expect(await looksAt(bob, mediaId)).toBeNull()

    const image = { mediaId, caption: '  my\ntea ' }
    const message = await liveEqualsRefetch([alice, bob], () => alice.sendsContent(id, { image }))

    expect((await contentOf(bob, message)).content).toMatchObject({
      __typename: 'ImageContent',
      plainText: '[Image] my tea',
      caption: 'my\ntea',
      media: { id: mediaId, filename: 'tea.png', kind: 'IMAGE' },
    })
    expect((await fetched((await looksAt(bob, mediaId))?.url)).status).toBe(200)
    expect(await looksAt(mallory, mediaId)).toBeNull()
  })

  test('accepts any upload as a file, but only an image as an image', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [image, file] = [await picture(alice), await paper(alice)]

    const sent = await alice.sendsContent(id, { file: { mediaId: file.id } })
    expect(sent.plainText).toBe('[File] plan 7.pdf')
    expect((await contentOf(bob, sent)).content).toMatchObject({ __typename: 'FileContent', caption: null })
    expect((await alice.sendsContent(id, { file: { mediaId: image.id } })).plainText).toBe('[File] tea.png')
    const content = { mediaId: file.id }
    for (const input of [{ image: content }, { video: content }, { audio: content }] as const) {
      const [kind] = Object.keys(input)
      const refused = await refusalOf(alice.sendsContent(id, input))
      expect(refused.extensions).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: `input.content.${kind}.mediaId` }],
      })
    }
  })

  test('can be sent while its media item is PROCESSING, and is READY for everyone afterwards', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const bytes = await png(1_600, 1_200)
    const { id: mediaId } = await uploads(alice, { bytes, filename: 'large.png', mimeType: 'image/png' })
    const { plainText } = await alice.sendsContent(id, { image: { mediaId } })
    expect(plainText).toBe('[Image]')
    await vi.waitFor(async () => expect(await looksAt(bob, mediaId)).toMatchObject({ status: 'READY' }), {
      timeout: 20_000,
    })
  })

  test('requires a completed upload of the sender', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const { id: mediaId } = await picture(alice)
    const { media } = await createsUpload(alice, { filename: 'a.png', mimeType: 'image/png', byteSize: 10 })
    const send = (person: Person, mediaIdOf: string) =>
      refusalOf(person.sendsContent(id, { image: { mediaId: mediaIdOf } }))

    expect((await send(alice, media.id)).code).toBe('INVALID_INPUT')
    const [foreign, missing] = [await send(bob, mediaId), await send(bob, 'no such media')]
    expect([foreign.message, missing.message]).toEqual(Array(2).fill('NOT_FOUND: There is no such media.'))
    await alice.sendsContent(id, { image: { mediaId } })
    expect((await send(bob, mediaId)).code).toBe('NOT_FOUND')
  })

  test('accepts a caption up to the limit of a text, and not longer', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const { id: mediaId } = await picture(alice)
    const send = (caption: string) => alice.sendsContent(id, { image: { mediaId, caption } })
    expect((await send('x'.repeat(4_000))).seq).toBeGreaterThan(0)
    expect(await refusal(send('x'.repeat(4_001)))).toBe('INVALID_INPUT')
    expect((await send(' ')).plainText).toBe('[Image]')
  })

  test('is idempotent by key and cannot be edited', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [one, other] = [await picture(alice), await picture(alice)]
    const send = (mediaId: string) =>
      alice.sendsContent(id, { image: { mediaId } }, { clientMessageId: 'tea' })
    const message = await send(one.id)
    expect(await send(one.id)).toEqual(message)
    expect(await refusal(send(other.id))).toBe('CONFLICT')
    expect(await refusal(alice.edits(message, 'text'))).toBe('FORBIDDEN')
  })

  test('is found by its caption, its file name and its kind', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const [image, file] = [await picture(alice, 'chrysanthemum.png'), await paper(alice, 'chrysanthemum.pdf')]
    await alice.sendsContent(id, { image: { mediaId: image.id, caption: 'on the windowsill' } })
    await alice.sendsContent(id, { file: { mediaId: file.id } })
    await indexed(world.databaseUrl)
    expect(await finds(bob, 'windowsill')).toEqual(['[Image] on the windowsill'])
    expect(await finds(bob, 'chrysanthemum', { filter: { kinds: ['IMAGE'] } })).toHaveLength(1)
    expect(await finds(bob, 'chrysanthemum', { filter: { kinds: ['FILE', 'IMAGE'] } })).toHaveLength(2)
    expect(await finds(bob, 'chrysanthemum', { filter: { kinds: ['AUDIO'] } })).toEqual([])
  })

  test('leaves no bytes, caption or file name after a recall', async () => {
    const [alice, bob] = await world.friends('alice', 'bob')
    const { id } = await alice.opens(bob)
    const { id: mediaId } = await picture(alice)
    const message = await alice.sendsContent(id, { image: { mediaId, caption: 'gone soon' } })
    const url = (await looksAt(bob, mediaId))?.url

    await liveEqualsRefetch([alice, bob], () => alice.recalls(message))
    expect((await contentOf(bob, message)).content).toEqual({
      __typename: 'RecalledContent',
      plainText: 'Message recalled',
    })
    expect(await looksAt(bob, mediaId)).toBeNull()
    expect((await fetched(url)).status).not.toBe(200)
  })
})

describe('a forward of an image', () => {
  test.each(['MERGED', 'SEPARATE'] as const)(
    '%s keeps the image when the original is recalled',
    async (mode) => {
      const [alice, bob, carol] = await world.friends('alice', 'bob', 'carol')
      const source = await alice.opens(bob)
      const { id: mediaId } = await picture(alice)
      const original = await alice.sendsContent(source.id, { image: { mediaId, caption: 'tea' } })
      // Any member may forward it, not only its sender.
      const target = await bob.opens(carol)
      const [copy] = await liveEqualsRefetch([bob, carol], () => forwards(bob, [original], [target], mode))
      const message = copy as { id: string }
      await alice.recalls(original)

      const content =
        mode === 'MERGED'
          ? (await forwardOf(carol, message)).messages[0]?.content
          : (await contentOf(carol, message)).content
      expect(content).toMatchObject({ plainText: '[Image] tea', media: { id: mediaId } })
      expect((await fetched((await looksAt(carol, mediaId))?.url)).status).toBe(200)

      await bob.recalls(message)
      expect(await looksAt(carol, mediaId)).toBeNull()
    },
  )
})
