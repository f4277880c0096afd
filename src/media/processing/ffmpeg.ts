import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { shorten } from '../../platform/language/shorten.ts'
import { Unreadable } from './unreadable.ts'

const run = promisify(execFile)

export interface VideoProperties {
  hasVideo: boolean
  hasAudio: boolean
  /** As it is to be shown. */
  width: number | null
  height: number | null
  durationMs: number | null
}

/** The ffmpeg of this machine. It reads files of uploads and nothing else. */
export interface Ffmpeg {
  probe(source: string, signal: AbortSignal): Promise<VideoProperties>
  /** Its pictures and its sound as they are, in a container of this format, and nothing of what else it tells. */
  copy(source: string, target: string, format: string, signal: AbortSignal): Promise<{ byteSize: number }>
  /** Writes a picture of it, from near its beginning. */
  frame(source: string, target: string, signal: AbortSignal): Promise<void>
  /** H.264 and AAC in MP4, at most 1280 pixels wide and high, without what it tells about where it was taken. */
  transcode(
    source: string,
    target: string,
    signal: AbortSignal,
  ): Promise<{ width: number | null; height: number | null; byteSize: number }>
}

/** null where there is none that works. */
export async function findFfmpeg(ffmpeg: string, ffprobe: string): Promise<Ffmpeg | null> {
  try {
    for (const program of [ffmpeg, ffprobe]) await run(program, ['-version'], { timeout: 10_000 })
  } catch {
    return null
  }
  return createFfmpeg(ffmpeg, ffprobe)
}

// A playlist is a film, too, to ffmpeg, and would have it read whatever files and addresses stand in it.
const formats = 'mov,matroska,ogg,avi,flv,mpeg,mpegts,asf,mp3,aac,flac,wav,aiff,amr,caf,ape,wv,ac3'
const readOnlyFiles = ['-protocol_whitelist', 'file', '-format_whitelist', formats]

function createFfmpeg(ffmpeg: string, ffprobe: string): Ffmpeg {
  const make = (signal: AbortSignal, source: string, before: string[], after: string[]) =>
    call(
      ffmpeg,
      ['-v', 'error', '-nostdin', '-y', ...before, ...readOnlyFiles, '-i', `file:${source}`, ...after],
      signal,
    )

  async function probe(source: string, signal: AbortSignal): Promise<VideoProperties> {
    const asked = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams']
    const told = await call(ffprobe, [...asked, ...readOnlyFiles, `file:${source}`], signal)
    return readShape(JSON.parse(told) as Probe)
  }

  return {
    probe: (source, signal) => probe(source, signal),
    async copy(source, target, format, signal) {
      await make(signal, source, [], [...bareCopy, '-f', format, `file:${target}`])
      return { byteSize: (await stat(target)).size }
    },
    async frame(source, target, signal) {
      const picture = ['-frames:v', '1', '-an', '-vf', "scale='min(1280,iw)':-2", `file:${target}`]
      await make(signal, source, ['-ss', '0.5'], picture)
      // Shorter than that, it has only its first picture.
      if (!(await stat(target).catch(() => null))) await make(signal, source, [], picture)
    },
    async transcode(source, target, signal) {
      await make(signal, source, [], [...rendition, `file:${target}`])
      const { width, height } = await probe(target, signal)
      return { width, height, byteSize: (await stat(target)).size }
    },
  }
}

const untold = ['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1']

// Places stand in tags, and with some cameras in subtitles or tracks of data; a cover is a picture with tags of its own.
const bareCopy = [
  ...['-map', '0:V?', '-map', '0:a?', ...untold],
  ...['-c', 'copy', '-fflags', '+bitexact', '-movflags', '+faststart'],
]

const smaller = "scale='if(gte(iw,ih),min(1280,iw),-2)':'if(gte(iw,ih),-2,min(1280,ih))',format=yuv420p"

const rendition = [
  ...['-map', '0:v:0', '-map', '0:a:0?', ...untold],
  ...['-vf', `${smaller},crop=trunc(iw/2)*2:trunc(ih/2)*2`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-threads', '2'],
  ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart', '-f', 'mp4'],
]

async function call(program: string, args: string[], signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(program, args, { signal, killSignal: 'SIGKILL', maxBuffer: 4_000_000 })
    return stdout
  } catch (error) {
    signal.throwIfAborted()
    const { code, stderr = '' } = error as { code?: number | string; stderr?: string }
    // It ran and gave up: so it would again.
    if (typeof code === 'number') throw new Unreadable(`It cannot be decoded: ${shorten(stderr.trim(), 300)}`)
    throw error
  }
}

interface Probe {
  streams?: {
    codec_type?: string
    width?: number
    height?: number
    disposition?: { attached_pic?: number }
    side_data_list?: { rotation?: number }[]
  }[]
  format?: { duration?: string }
}

function readShape({ streams = [], format }: Probe): VideoProperties {
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  const rotation = video?.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0
  const { width = null, height = null } = video ?? {}
  const lying = Math.abs(rotation) % 180 === 90
  const seconds = Number(format?.duration)
  return {
    hasVideo: video !== undefined,
    hasAudio: streams.some((stream) => stream.codec_type === 'audio'),
    width: lying ? height : width,
    height: lying ? width : height,
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
  }
}
