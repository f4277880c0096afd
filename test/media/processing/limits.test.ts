import { describe, expect, test } from 'vitest'
import { hasFfmpeg, withFfmpeg, withoutFfmpeg } from '../../setup/ffmpeg.ts'
import { useWorld } from '../../world/world.ts'
import { picture } from '../samples.ts'
import { fetched, uploadsReady } from '../verbs.ts'
import { make } from './video-samples.ts'

const limits = { LIMIT_MEDIA_MEGAPIXELS: '1' }
const world = useWorld({ ...limits, ...withFfmpeg })
const plain = useWorld({ ...limits, ...withoutFfmpeg })

const imageTypes = ['jpeg', 'png', 'gif', 'webp', 'avif'] as const

describe.each([
  ['with', world],
  ['without', plain],
] as const)('%s ffmpeg', (_with, place) => {
  test.each(imageTypes)(
    'a %s of the maximum number of pixels is rendered; with one more row it is a FILE',
    async (type) => {
      const ada = await place.person('ada')
      const upload = async (height: number) =>
        uploadsReady(ada, {
          bytes: await picture(1000, height).toFormat(type, { effort: 1 }).toBuffer(),
          filename: `a.${type}`,
          mimeType: `image/${type}`,
        })
      expect(await upload(1000)).toMatchObject({ kind: 'IMAGE', status: 'READY', width: 1000, height: 1000 })
      expect(await upload(1001)).toMatchObject({
        kind: 'FILE',
        status: 'READY',
        width: null,
        thumbnailUrl: null,
      })
    },
  )
})

const videos: [string, string, string[]][] = [
  ['video.mp4', 'video/mp4', ['-c:v', 'libx264', '-preset', 'ultrafast']],
  ['video.mov', 'video/quicktime', ['-c:v', 'png']],
  ['motion.mov', 'video/quicktime', ['-c:v', 'mjpeg']],
  ['video.webm', 'video/webm', ['-c:v', 'libvpx', '-deadline', 'realtime']],
  ['video.avi', 'video/vnd.avi', ['-c:v', 'mjpeg']],
]

// Their poster is below the limit, so that nothing but the decoder refuses them.
const tooLarge = '1984x1056'

/** A video of one frame. Decoders pad frames by up to 64 pixels a side, which counts. */
const still = async (name: string, mimeType: string, codec: string[], size: string) => ({
  bytes: await make(name, ['-f', 'lavfi', '-i', `color=size=${size}:rate=1:duration=1`, ...codec]),
  filename: name,
  mimeType,
})

describe.skipIf(!hasFfmpeg())('a video', () => {
  test.each(videos)(
    '%s with frames of nearly the maximum number of pixels is transcoded; with larger frames it is served without renditions',
    async (name, mimeType, codec) => {
      const ada = await world.person('ada')
      const small = await uploadsReady(ada, await still(name, mimeType, codec, '960x992'))
      expect(small).toMatchObject({ kind: 'VIDEO', status: 'READY', variants: [{ mimeType: 'video/mp4' }] })
      const large = await uploadsReady(ada, await still(name, mimeType, codec, tooLarge))
      expect(large).toMatchObject({ kind: 'VIDEO', status: 'READY', variants: [], thumbnailUrl: null })
      expect((await fetched(large.url)).bytes.length).toBe(large.byteSize)
    },
  )

  test('with large frames is served as uploaded without ffmpeg', async () => {
    const ada = await plain.person('ada')
    const [[name, mimeType, codec] = ['', '', []]] = videos
    const upload = await still(name, mimeType, codec, tooLarge)
    const media = await uploadsReady(ada, upload)
    expect(media).toMatchObject({ kind: 'VIDEO', status: 'READY', variants: [] })
    expect((await fetched(media.url)).bytes.equals(upload.bytes)).toBe(true)
  })

  test('audio with megabytes of tags is measured, and served without them', async () => {
    const ada = await world.person('ada')
    const tone = await make('a.mp3', [
      '-f',
      'lavfi',
      '-i',
      'sine=duration=2',
      '-c:a',
      'libmp3lame',
      '-id3v2_version',
      '0',
    ])
    const bytes = Buffer.concat([comment(Buffer.alloc(5_000_000, 'tag ')), tone])
    const media = await uploadsReady(ada, { bytes, filename: 'a.mp3', mimeType: 'audio/mpeg' })
    expect(media).toMatchObject({ kind: 'AUDIO', status: 'READY' })
    expect(media.durationMs).toBeGreaterThan(1_500)
    expect(media.byteSize).toBeLessThan(100_000)
  })
})

/** An ID3 header with one comment. */
function comment(text: Buffer): Buffer {
  const synchsafe = (size: number) => [21, 14, 7, 0].map((bits) => (size >> bits) & 0x7f)
  const body = Buffer.concat([Buffer.from([3]), Buffer.from('eng\0'), text])
  const frame = Buffer.concat([
    Buffer.from('COMM'),
    Buffer.from(synchsafe(body.length)),
    Buffer.from([0, 0]),
    body,
  ])
  return Buffer.concat([
    Buffer.from('ID3'),
    Buffer.from([4, 0, 0]),
    Buffer.from(synchsafe(frame.length)),
    frame,
  ])
}
