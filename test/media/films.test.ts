import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { graphql } from '../generated/gql.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { useWorld, type World } from '../world/world.ts'
import { fetched, hasReady } from './verbs.ts'

const installed =
  spawnSync('ffmpeg', ['-version']).status === 0 && spawnSync('ffprobe', ['-version']).status === 0

const world = useWorld()
const plain = useWorld({ FFMPEG: 'no-such-program' })

/** Makes a film or a sound, with words about where it was taken. */
async function make(name: string, ...args: string[]): Promise<Buffer> {
  const path = join(await temporaryFolder(), name)
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...args, path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return readFileSync(path)
}

const film = () =>
  make(
    'film.mov',
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=2'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'],
    ...['-metadata', 'location=+51.5-000.1/', '-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  )

describe.skipIf(!installed)('with ffmpeg', () => {
  test('a film is measured, gets a poster, and a rendition that plays everywhere', async () => {
    const ada = await world.person('ada')
    const media = await hasReady(ada, {
      bytes: await film(),
      filename: 'film.mov',
      mimeType: 'video/quicktime',
    })
    expect(media).toMatchObject({ kind: 'VIDEO', status: 'READY', width: 320, height: 180, durationMs: 2000 })
    expect(media.blurhash).not.toBeNull()
    expect((await fetched(media.thumbnailUrl)).headers.get('content-type')).toBe('image/webp')
    const [variant] = media.variants
    expect(variant).toMatchObject({ mimeType: 'video/mp4', width: 320, height: 180 })
    const rendition = await fetched(variant?.url)
    expect(rendition.bytes.length).toBe(variant?.byteSize)
    expect([rendition.bytes.includes('avc1'), rendition.bytes.includes('mp4a')]).toEqual([true, true])
    expect(rendition.bytes.includes('+51.5')).toBe(false)
  })

  test('sound has a length', async () => {
    const ada = await world.person('ada')
    const bytes = await make(
      'sound.ogg',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:duration=1',
      '-c:a',
      'libvorbis',
    )
    const media = await hasReady(ada, { bytes, filename: 'voice.ogg', mimeType: 'audio/ogg' })
    expect(media).toMatchObject({ kind: 'AUDIO', status: 'READY', width: null, variants: [] })
    expect(Math.abs((media.durationMs ?? 0) - 1000)).toBeLessThan(100)
  })

  test('what cannot be decoded fails', async () => {
    const ada = await world.person('ada')
    const bytes = (await film()).subarray(0, 2_000)
    const media = await hasReady(ada, { bytes, filename: 'film.mov', mimeType: 'video/quicktime' })
    expect(media).toMatchObject({ status: 'FAILED', url: null })
  })
})

const Features = graphql(`
  query Features {
    serverInfo {
      features
    }
  }
`)

test.skipIf(!installed)('a server says whether it can', async () => {
  const features = async (place: World) =>
    (await (await place.person('ada')).do(Features, {})).serverInfo.features.includes('transcoding')
  expect([await features(world), await features(plain)]).toEqual([true, false])
})

describe.skipIf(!installed)('without ffmpeg', () => {
  test('a film is served as it is', async () => {
    const ada = await plain.person('ada')
    const bytes = await film()
    const media = await hasReady(ada, { bytes, filename: 'film.mov', mimeType: 'video/quicktime' })
    expect(media).toMatchObject({
      kind: 'VIDEO',
      status: 'READY',
      variants: [],
      thumbnailUrl: null,
      durationMs: null,
    })
    expect((await fetched(media.url)).bytes).toEqual(bytes)
  })
})
