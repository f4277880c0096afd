import sharp from 'sharp'
import { hasFfmpeg } from '../setup/ffmpeg.ts'
import { make } from './processing/video-samples.ts'
import { photo, picture } from './samples.ts'

export interface Sample {
  name: string
  bytes: Buffer
  mimeType: string
}

const tiny = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=5:duration=1']
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1']

async function animation() {
  const frames = [1, 2, 3].map((index) =>
    picture(60, 40)
      .tint({ r: index * 80, g: 0, b: 0 })
      .png()
      .toBuffer(),
  )
  return sharp(await Promise.all(frames), { join: { animated: true } })
}

type Maker = [name: string, mimeType: string, bytes: () => Promise<Buffer>]

const images: Maker[] = [
  ['photo.jpg', 'image/jpeg', photo],
  ['a.png', 'image/png', () => picture().png({ compressionLevel: 0 }).toBuffer()],
  ['a.gif', 'image/gif', async () => (await animation()).gif().toBuffer()],
  ['a.webp', 'image/webp', async () => (await animation()).webp().toBuffer()],
  ['a.avif', 'image/avif', () => picture().avif({ effort: 0 }).toBuffer()],
]

const recording = (name: string, mimeType: string, args: string[]): Maker => [
  name,
  mimeType,
  () => make(name, args),
]

const recordings: Maker[] = [
  recording('sequence.avif', 'image/avif', [...tiny, '-c:v', 'libaom-av1', '-cpu-used', '8']),
  recording('a.mp4', 'video/mp4', [...tiny, ...tone, '-c:v', 'libx264', '-c:a', 'aac']),
  recording('a.webm', 'video/webm', [...tiny, '-c:v', 'libvpx']),
  recording('a.ogg', 'audio/ogg', [...tone, '-c:a', 'libvorbis']),
  recording('a.mp3', 'audio/mpeg', [...tone, '-c:a', 'libmp3lame']),
  recording('a.wav', 'audio/wav', tone),
]

export const mediaFiles: Maker[] = [...images, ...(hasFfmpeg() ? recordings : [])]

/** Pseudo-random numbers below 1, the same in every run. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Variants of a file as broken transfers and programs leave them: whole, cut, and with changed bytes. */
export async function damaged([name, mimeType, maker]: Maker): Promise<Sample[]> {
  const next = sequence(7 + mediaFiles.findIndex((each) => each[0] === name))
  const bytes = await maker()
  const cut = () => bytes.subarray(0, Math.ceil(bytes.length * (0.3 + next() * 0.6)))
  const changed = Buffer.from(bytes)
  for (let count = 0; count < 20; count += 1)
    changed[16 + Math.floor(next() * (bytes.length - 16))] = Math.floor(next() * 256)
  return [bytes, cut(), changed].map((each) => ({ name, mimeType, bytes: each }))
}
