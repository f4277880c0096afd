import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../setup/server-process.ts'

export async function make(name: string, args: string[]) {
  const path = join(await temporaryFolder(), name)
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...args, path], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return readFileSync(path)
}

const pictures = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=2']
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2']

/** Metadata that a phone writes into recordings. */
export const secrets = ['+51.5-000.1/', 'Ada Secret', 'her kitchen'] as const
const [place, author, title] = secrets
const tags = [
  ...['-metadata', `location=${place}`, '-metadata', `artist=${author}`],
  ...['-metadata:s', `title=${title}`, '-metadata:s', `handler_name=${title}`],
]

export const video = async () => ({
  bytes: await make('video.mov', [...pictures, ...tone, ...tags, '-c:v', 'mjpeg', '-c:a', 'pcm_s16le']),
  filename: 'video.mov',
  mimeType: 'video/quicktime',
})

export const sample = async (name: string, mimeType: string, codecs: string[]) => ({
  bytes: await make(name, [...(mimeType.startsWith('video/') ? pictures : []), ...tone, ...tags, ...codecs]),
  filename: name,
  mimeType,
})

export const voice = () => sample('voice.ogg', 'audio/ogg', ['-c:a', 'libvorbis'])

/** Bytes that are detected as MP4 but cannot be played. */
export const unplayableVideo = {
  bytes: Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from('ftypmp42\0\0\0\0mp42isom'),
    Buffer.alloc(500, 7),
  ]),
  filename: 'video.mp4',
  mimeType: 'video/mp4',
}
