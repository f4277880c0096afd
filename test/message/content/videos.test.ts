import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { audio, pausableFfmpeg } from '../../media/processing/pausable-ffmpeg.ts'
import { unplayableVideo, video, voice } from '../../media/processing/video-samples.ts'
import { type Contents, fetched, looksAt, uploads, uploadsReady } from '../../media/verbs.ts'
import { hasFfmpeg, withFfmpeg, withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { liveEqualsRefetch } from '../../world/mirror.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { contentOf, forwardOf, forwards } from './verbs.ts'

const installed = hasFfmpeg()
const world = useWorld(withFfmpeg)
const plain = useWorld(withoutFfmpeg)
const slow = await pausableFfmpeg()
const patient = useWorld(slow.settings)
afterAll(async () => {
  await slow.resume()
  await slow.remove()
})

/** Everywhere that its bytes can be had from. */
async function addressesOf(person: Person, mediaId: string) {
  const media = await looksAt(person, mediaId)
  const all = [media?.url, media?.thumbnailUrl, ...(media?.variants ?? []).map(({ url }) => url)]
  return all.filter((url) => typeof url === 'string')
}

const statuses = (urls: readonly string[]) =>
  Promise.all(urls.map(async (url) => (await fetched(url)).status))

async function talk(contents: Contents, place = world) {
  const [alice, bob, carol] = await place.friends('alice', 'bob', 'carol')
  const { id } = await alice.opens(bob)
  const { id: mediaId } = await uploadsReady(alice, contents)
  return { alice, bob, carol, id, mediaId }
}

describe.skipIf(!installed)('with ffmpeg', () => {
  test('a video can be sent while it is transcoded, and clients are notified when it is READY', async () => {
    const [alice, bob, eve] = await patient.friends('alice', 'bob', 'eve')
    const { id } = await alice.opens(bob)
    const { id: mediaId } = await uploads(alice, await video())
    await slow.started()
    const message = await liveEqualsRefetch([alice, bob], () =>
      alice.sendsContent(id, { video: { mediaId, caption: 'the sea' } }),
    )
    expect((await contentOf(bob, message)).content).toEqual({
      __typename: 'VideoContent',
      plainText: '[Video] the sea',
      caption: 'the sea',
      media: { id: mediaId, filename: 'video.mov', kind: 'VIDEO' },
    })
    expect(await looksAt(bob, mediaId)).toMatchObject({ status: 'PROCESSING', url: null, variants: [] })

    const [bobs, eves] = [await bob.listens(), await eve.listens()]
    await liveEqualsRefetch([alice, bob], async () => {
      await slow.resume()
      await bobs.sees('MediaChanged', ({ media }) => media.id === mediaId && media.status === 'READY')
      await bobs.sees('MessagesChanged', ({ messages }) =>
        messages.some((each) => each.id === message.id && each.version > message.version),
      )
    })
    expect(await looksAt(bob, mediaId)).toMatchObject({ status: 'READY', width: 320, durationMs: 2000 })
    const urls = await addressesOf(bob, mediaId)
    expect(await statuses(urls)).toEqual([200, 200, 200])
    expect(await looksAt(eve, mediaId)).toBeNull()
    expect(eves.events.some(({ __typename }) => __typename === 'MediaChanged')).toBe(false)
  })

  test('a recall deletes the video, its poster and its rendition', async () => {
    const { alice, bob, id, mediaId } = await talk(await video())
    const message = await alice.sendsContent(id, { video: { mediaId } })
    const urls = [...(await addressesOf(alice, mediaId)), ...(await addressesOf(bob, mediaId))]
    expect(await statuses(urls)).toEqual(Array(6).fill(200))
    await liveEqualsRefetch([alice, bob], () => alice.recalls(message))
    expect(await statuses(urls)).toEqual(Array(6).fill(404))
    expect((await contentOf(bob, message)).content.__typename).toBe('RecalledContent')
    const folder = join(world.dataDir, 'media', mediaId.slice(-2), mediaId)
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), 10_000)
  })

  test.each(['MERGED', 'SEPARATE'] as const)(
    '%s forwards keep video and sound when the originals go',
    async (mode) => {
      const { alice, bob, carol, id, mediaId } = await talk(await video())
      const { id: soundId } = await uploadsReady(alice, await voice())
      const originals = [
        await alice.sendsContent(id, { video: { mediaId, caption: 'the sea' } }),
        await alice.sendsContent(id, { audio: { mediaId: soundId } }),
      ]
      const target = await bob.opens(carol)
      const copies = await liveEqualsRefetch([bob, carol], () => forwards(bob, originals, [target], mode))
      for (const original of originals) await alice.recalls(original)

      const contents =
        mode === 'MERGED'
          ? (await forwardOf(carol, copies[0] as { id: string })).messages.map(({ content }) => content)
          : await Promise.all(copies.map(async (copy) => (await contentOf(carol, copy)).content))
      expect(contents).toMatchObject([
        { __typename: 'VideoContent', plainText: '[Video] the sea', media: { id: mediaId } },
        { __typename: 'AudioContent', plainText: '[Audio]', media: { id: soundId } },
      ])
      const urls = [...(await addressesOf(carol, mediaId)), ...(await addressesOf(carol, soundId))]
      expect(await statuses(urls)).toEqual(Array(4).fill(200))
      for (const copy of copies) await bob.recalls(copy)
      expect(await statuses(urls)).toEqual(Array(4).fill(404))
    },
  )

  test('audio is sent with its duration', async () => {
    const { alice, bob, id, mediaId } = await talk(await voice())
    const message = await liveEqualsRefetch([alice, bob], () =>
      alice.sendsContent(id, { audio: { mediaId } }),
    )
    expect((await contentOf(bob, message)).content).toMatchObject({
      __typename: 'AudioContent',
      plainText: '[Audio]',
      media: { id: mediaId, kind: 'AUDIO' },
    })
    const { durationMs = 0 } = (await looksAt(bob, mediaId)) ?? {}
    expect(Math.abs((durationMs ?? 0) - 2000)).toBeLessThan(100)
  })
})

describe('without ffmpeg', () => {
  test.each([
    ['VideoContent', unplayableVideo, (mediaId: string) => ({ video: { mediaId } })],
    ['AudioContent', audio, (mediaId: string) => ({ audio: { mediaId } })],
  ] as const)('%s is sent, forwarded and recalled as it was uploaded', async (typeName, contents, of) => {
    const { alice, bob, carol, id, mediaId } = await talk(contents, plain)
    const message = await liveEqualsRefetch([alice, bob], () => alice.sendsContent(id, of(mediaId)))
    expect((await contentOf(bob, message)).content).toMatchObject({
      __typename: typeName,
      media: { id: mediaId },
    })
    expect(await looksAt(bob, mediaId)).toMatchObject({ status: 'READY', durationMs: null, variants: [] })
    const [url] = await addressesOf(bob, mediaId)
    expect((await fetched(url)).bytes).toEqual(contents.bytes)

    const [copy] = await forwards(bob, [message], [await bob.opens(carol)], 'SEPARATE')
    await alice.recalls(message)
    expect(await statuses(await addressesOf(carol, mediaId))).toEqual([200])
    await bob.recalls(copy as { id: string })
    expect(await looksAt(carol, mediaId)).toBeNull()
  })
})
