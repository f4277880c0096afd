import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { runProgram } from './run-program.ts'
import { Unreadable } from './unreadable.ts'

const run = promisify(execFile)

export interface VideoProperties {
  hasVideo: boolean
  hasAudio: boolean
  /** As displayed, after rotation. */
  width: number | null
  height: number | null
  durationMs: number | null
}

/** The installed ffmpeg, restricted to reading the given file. */
export interface Ffmpeg {
  probe(source: string, signal: AbortSignal): Promise<VideoProperties>
  /** Copies the video and audio streams into a container of this format, without metadata. */
  copy(source: string, target: string, format: string, signal: AbortSignal): Promise<{ byteSize: number }>
  /** Writes one frame from near the start as an image. */
  frame(source: string, target: string, signal: AbortSignal): Promise<void>
  /** Transcodes to H.264 and AAC in MP4, at most 1280 pixels wide and high, without metadata. */
  transcode(
    source: string,
    target: string,
    signal: AbortSignal,
  ): Promise<{ width: number | null; height: number | null; byteSize: number }>
}

/** null when ffmpeg or ffprobe is missing or does not run. Frames of more than `framePixels` are not decoded. */
export async function findFfmpeg(
  ffmpeg: string,
  ffprobe: string,
  framePixels: number,
): Promise<Ffmpeg | null> {
  try {
    for (const program of [ffmpeg, ffprobe]) await run(program, ['-version'], { timeout: 10_000 })
  } catch {
    return null
  }
  return createFfmpeg(ffmpeg, ffprobe, framePixels)
}

// ffmpeg also opens playlists, which would make it read any file or URL that they name.
const formats = 'mov,matroska,ogg,avi,flv,mpeg,mpegts,asf,mp3,aac,flac,wav,aiff,amr,caf,ape,wv,ac3'
const readOnlyFiles = ['-protocol_whitelist', 'file', '-format_whitelist', formats]

// Only what is used: tags of an upload may be megabytes long.
const shown =
  'stream=codec_type,width,height:stream_disposition=attached_pic:stream_side_data=rotation:format=duration'

function createFfmpeg(ffmpeg: string, ffprobe: string, framePixels: number): Ffmpeg {
  // A small file may declare frames that take gigabytes.
  const input = [...readOnlyFiles, '-max_pixels', String(framePixels)]
  const convert = (signal: AbortSignal, source: string, before: string[], after: string[]) =>
    runProgram(
      ffmpeg,
      ['-v', 'error', '-nostdin', '-y', ...before, ...input, '-i', `file:${source}`, ...after],
      signal,
    )

  async function probe(source: string, signal: AbortSignal): Promise<VideoProperties> {
    const options = ['-v', 'error', '-of', 'json', '-show_entries', shown]
    try {
      const output = await runProgram(ffprobe, [...options, ...input, `file:${source}`], signal)
      return readShape(JSON.parse(output) as FfprobeOutput)
    } catch (error) {
      if (error instanceof Unreadable && exceedsLimit.test(error.message)) return unmeasured
      throw error
    }
  }

  return {
    probe: (source, signal) => probe(source, signal),
    async copy(source, target, format, signal) {
      await convert(signal, source, [], [...copyStreams, '-f', format, `file:${target}`])
      return { byteSize: (await stat(target)).size }
    },
    async frame(source, target, signal) {
      const image = ['-frames:v', '1', '-an', '-vf', "scale='min(1280,iw)':-2", `file:${target}`]
      await convert(signal, source, ['-ss', '0.5'], image)
      // A video of less than half a second: take its first frame.
      if (!(await stat(target).catch(() => null))) await convert(signal, source, [], image)
    },
    async transcode(source, target, signal) {
      await convert(signal, source, [], [...rendition, `file:${target}`])
      const { width, height } = await probe(target, signal)
      return { width, height, byteSize: (await stat(target)).size }
    },
  }
}

const withoutMetadata = ['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1']

// Locations are in tags, and with some cameras in subtitle or data tracks. Cover images have tags of their own.
const copyStreams = [
  ...['-map', '0:V?', '-map', '0:a?', ...withoutMetadata],
  ...['-c', 'copy', '-fflags', '+bitexact', '-movflags', '+faststart'],
]

const scaleDown = "scale='if(gte(iw,ih),min(1280,iw),-2)':'if(gte(iw,ih),-2,min(1280,ih))',format=yuv420p"

const rendition = [
  ...['-map', '0:v:0', '-map', '0:a:0?', ...withoutMetadata],
  ...['-vf', `${scaleDown},crop=trunc(iw/2)*2:trunc(ih/2)*2`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '24', '-threads', '2'],
  ...['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart', '-f', 'mp4'],
]

// Of some codecs ffprobe reports nothing if the frames exceed the limit; the video is still one that clients may play.
const exceedsLimit = /exceeds specified max pixel count/
const unmeasured: VideoProperties = {
  hasVideo: true,
  hasAudio: false,
  width: null,
  height: null,
  durationMs: null,
}

interface FfprobeOutput {
  streams?: {
    codec_type?: string
    width?: number
    height?: number
    disposition?: { attached_pic?: number }
    side_data_list?: { rotation?: number }[]
  }[]
  format?: { duration?: string }
}

function readShape({ streams = [], format }: FfprobeOutput): VideoProperties {
  const video = streams.find((stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic)
  const rotation = video?.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0
  // 0 if the frames exceed the limit.
  const width = video?.width || null
  const height = video?.height || null
  const isSideways = Math.abs(rotation) % 180 === 90
  const seconds = Number(format?.duration)
  return {
    hasVideo: video !== undefined,
    hasAudio: streams.some((stream) => stream.codec_type === 'audio'),
    width: isSideways ? height : width,
    height: isSideways ? width : height,
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
  }
}
