import { describe, expect, test } from 'vitest'
import { graphql } from '../../generated/gql.ts'
import { hasFfmpeg, withFfmpeg, withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { useWorld, type World } from '../../world/world.ts'
import { fetched, uploadsReady } from '../verbs.ts'
import { sample, secrets, unplayableVideo, video, voice } from './video-samples.ts'

const installed = hasFfmpeg()
const world = useWorld(withFfmpeg)
const plain = useWorld(withoutFfmpeg)

describe.skipIf(!installed)('with ffmpeg', () => {
  test('a video has dimensions, duration, poster and a rendition that plays everywhere', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, await video())
    expect(media).toMatchObject({ kind: 'VIDEO', status: 'READY', width: 320, height: 180, durationMs: 2000 })
    expect(media.blurhash).not.toBeNull()
    expect((await fetched(media.thumbnailUrl)).headers.get('content-type')).toBe('image/webp')
    const [variant] = media.variants
    expect(variant).toMatchObject({ mimeType: 'video/mp4', width: 320, height: 180 })
    const rendition = await fetched(variant?.url)
    expect(rendition.bytes.length).toBe(variant?.byteSize)
    expect([rendition.bytes.includes('avc1'), rendition.bytes.includes('mp4a')]).toEqual([true, true])
    for (const secret of secrets) expect(rendition.bytes.includes(secret)).toBe(false)
  })

  test('audio has a duration', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, await voice())
    expect(media).toMatchObject({ kind: 'AUDIO', status: 'READY', width: null, variants: [] })
    expect(Math.abs((media.durationMs ?? 0) - 2000)).toBeLessThan(100)
  })

  test.each([
    ['video.mov', 'video/quicktime', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le']],
    ['video.mp4', 'video/mp4', ['-c:v', 'libx264', '-c:a', 'aac', '-movflags', 'use_metadata_tags']],
    ['video.webm', 'video/webm', ['-c:v', 'libvpx', '-c:a', 'libvorbis']],
    ['memo.m4a', 'audio/x-m4a', ['-c:a', 'aac', '-movflags', 'use_metadata_tags']],
    ['voice.ogg', 'audio/ogg', ['-c:a', 'libvorbis']],
    ['song.mp3', 'audio/mpeg', ['-c:a', 'libmp3lame']],
  ])('%s is served without metadata such as location and author', async (name, mimeType, codecs) => {
    const ada = await world.person('ada')
    const upload = await sample(name, mimeType, codecs)
    expect(secrets.some((secret) => upload.bytes.includes(secret))).toBe(true)
    const media = await uploadsReady(ada, upload)
    expect(media).toMatchObject({ status: 'READY', mimeType })
    const { bytes } = await fetched(media.url)
    expect(bytes.length).toBe(media.byteSize)
    for (const secret of secrets) expect(bytes.includes(secret)).toBe(false)
    // The copy still plays: uploaded again, it has the same properties.
    const again = await uploadsReady(ada, { ...upload, bytes })
    expect(Math.abs((again.durationMs ?? 0) - (media.durationMs ?? 0))).toBeLessThan(100)
    expect([again.kind, again.width, again.height]).toEqual([media.kind, media.width, media.height])
  })

  test('a video whose container ffmpeg cannot write is served as uploaded', async () => {
    const ada = await world.person('ada')
    const upload = await sample('video.avi', 'video/vnd.avi', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le'])
    const media = await uploadsReady(ada, upload)
    expect(media.variants).toHaveLength(1)
    expect((await fetched(media.url)).bytes).toEqual(upload.bytes)
  })

  test('a video cut inside its header is a FILE with the uploaded bytes', async () => {
    const ada = await world.person('ada')
    const { bytes, ...named } = await video()
    const cut = bytes.subarray(0, 2_000)
    const media = await uploadsReady(ada, { ...named, bytes: cut })
    expect(media).toMatchObject({ kind: 'FILE', status: 'READY', variants: [] })
    expect((await fetched(media.url)).bytes).toEqual(cut)
  })

  test('a video with an unknown codec is a VIDEO without renditions', async () => {
    const ada = await world.person('ada')
    const upload = await sample('video.mp4', 'video/mp4', ['-c:v', 'libx264', '-c:a', 'aac'])
    const media = await uploadsReady(ada, { ...upload, bytes: withCodec(upload.bytes, 'avc1', 'zzz1') })
    expect(media).toMatchObject({ kind: 'VIDEO', status: 'READY', durationMs: 2000, variants: [] })
    expect(media.thumbnailUrl).toBeNull()
    expect((await fetched(media.url)).bytes.length).toBe(media.byteSize)
  })
})

function withCodec(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(from); at >= 0; at = copy.indexOf(from, at + 1)) copy.write(to, at, 'latin1')
  return copy
}

const Features = graphql(`
  query Features {
    serverInfo {
      capabilities {
        transcoding
      }
    }
  }
`)

test('serverInfo.capabilities.transcoding is true only with ffmpeg', async () => {
  const features = async (place: World) =>
    (await (await place.person('ada')).do(Features, {})).serverInfo.capabilities.transcoding
  expect([await features(world), await features(plain)]).toEqual([installed, false])
})

test('without ffmpeg a video is served as uploaded', async () => {
  const ada = await plain.person('ada')
  const media = await uploadsReady(ada, unplayableVideo)
  expect(media).toMatchObject({
    kind: 'VIDEO',
    status: 'READY',
    variants: [],
    thumbnailUrl: null,
    durationMs: null,
  })
  expect((await fetched(media.url)).bytes).toEqual(unplayableVideo.bytes)
})
