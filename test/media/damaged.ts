import sharp from 'sharp'
import { hasFfmpeg } from '../setup/ffmpeg.ts'
import { make } from './processing/video-samples.ts'
import { photo, picture } from './samples.ts'

interface Sample {
  name: string
  bytes: Buffer
  mimeType: string
}

const tiny = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=5:duration=1']
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1']

async function images(): Promise<Sample[]> {
  const frames = await Promise.all(
    [1, 2, 3].map((index) =>
      picture(60, 40)
        .tint({ r: index * 80, g: 0, b: 0 })
        .png()
        .toBuffer(),
    ),
  )
  const animation = () => sharp(frames, { join: { animated: true } })
  return [
    { name: 'photo.jpg', bytes: await photo(), mimeType: 'image/jpeg' },
    { name: 'a.png', bytes: await picture().png({ compressionLevel: 0 }).toBuffer(), mimeType: 'image/png' },
    { name: 'a.gif', bytes: await animation().gif().toBuffer(), mimeType: 'image/gif' },
    { name: 'a.webp', bytes: await animation().webp().toBuffer(), mimeType: 'image/webp' },
    { name: 'a.avif', bytes: await picture().avif({ effort: 0 }).toBuffer(), mimeType: 'image/avif' },
  ]
}

async function recordings(): Promise<Sample[]> {
  const made = async (name: string, mimeType: string, args: string[]) => ({
    name,
    bytes: await make(name, args),
    mimeType,
  })
  return [
    await made('sequence.avif', 'image/avif', [...tiny, '-c:v', 'libaom-av1', '-cpu-used', '8']),
    await made('a.mp4', 'video/mp4', [...tiny, ...tone, '-c:v', 'libx264', '-c:a', 'aac']),
    await made('a.webm', 'video/webm', [...tiny, '-c:v', 'libvpx']),
    await made('a.ogg', 'audio/ogg', [...tone, '-c:a', 'libvorbis']),
    await made('a.mp3', 'audio/mpeg', [...tone, '-c:a', 'libmp3lame']),
    await made('a.wav', 'audio/wav', tone),
  ]
}

/** Pseudo-random numbers below 1, the same in every run. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Media items as broken transfers and programs leave them: whole, cut, and with changed bytes. */
export async function damaged(): Promise<Sample[]> {
  const next = sequence(7)
  const whole = [...(await images()), ...(hasFfmpeg() ? await recordings() : [])]
  return whole.flatMap(({ bytes, ...rest }) => {
    const cut = bytes.subarray(0, Math.ceil(bytes.length * (0.3 + next() * 0.6)))
    const changed = Buffer.from(bytes)
    for (let count = 0; count < 20; count += 1)
      changed[16 + Math.floor(next() * (bytes.length - 16))] = Math.floor(next() * 256)
    return [
      { ...rest, bytes },
      { ...rest, bytes: cut },
      { ...rest, bytes: changed },
    ]
  })
}
