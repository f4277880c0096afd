import { afterAll, describe, expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { fetched, uploadsReady } from '../verbs.ts'
import { audio, pausableStandIn } from './pausable-ffmpeg.ts'
import { unplayableVideo } from './video-samples.ts'

const stream = (type: string) => `echo '{"streams":[{"codec_type":"${type}"}],"format":{"duration":"1.5"}}'`
const flood = 'head -c 5000000 /dev/zero'

/** A server whose ffprobe and ffmpeg are these shell scripts. */
async function serverWith(ffprobe: string, ffmpeg: string) {
  const standIn = await pausableStandIn({ ffmpeg, ffprobe })
  await standIn.resume()
  afterAll(() => standIn.remove())
  return useWorld(standIn.settings)
}

const faults: [string, string][] = [
  ['crashes', 'kill -SEGV $$'],
  ['aborts', 'kill -ABRT $$'],
  ['floods its output', flood],
  ['floods its log', `${flood} >&2`],
]

// Each would be retried for hours otherwise, and the media item would stay PROCESSING.
const probes = await Promise.all(
  faults.map(async ([name, work]) => [name, await serverWith(work, 'exit 1')] as const),
)
const decoders = await Promise.all(
  faults.map(async ([name, work]) => [name, await serverWith(stream('video'), work)] as const),
)

describe('a decoder that fails because of the upload is not run again', () => {
  test.each(probes)('audio on which ffprobe %s is a FILE with its bytes', async (_name, world) => {
    const media = await uploadsReady(await world.person('ada'), audio)
    expect(media).toMatchObject({ kind: 'FILE', status: 'READY', byteSize: audio.bytes.length })
    expect((await fetched(media.url)).bytes.equals(audio.bytes)).toBe(true)
  })

  test.each(decoders)('a video on which ffmpeg %s is a VIDEO without renditions', async (_name, world) => {
    const media = await uploadsReady(await world.person('ada'), unplayableVideo)
    expect(media).toMatchObject({ kind: 'VIDEO', status: 'READY', durationMs: 1500, variants: [] })
    expect((await fetched(media.url)).bytes.equals(unplayableVideo.bytes)).toBe(true)
  })
})

const full = `if [ ! -e "$0.tried" ]; then touch "$0.tried"; echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1; fi
for last; do :; done
echo copied > "\${last#file:}"`
const fullDisk = await serverWith(stream('audio'), full)

test('audio whose copy meets a full disk is processed again later', async () => {
  const media = await uploadsReady(await fullDisk.person('ada'), audio)
  expect(media).toMatchObject({ kind: 'AUDIO', status: 'READY', durationMs: 1500 })
  expect((await fetched(media.url)).bytes.toString()).toBe('copied\n')
})
