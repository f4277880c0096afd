import { z } from 'zod'
import { count, url } from './fields.ts'

/** Where uploads are kept, and what makes renditions of them. */
export const mediaSettings = {
  S3_URL: url('http:', 'https:')
    .optional()
    .describe(
      'An S3-compatible storage for uploads, without the bucket in it; otherwise they are kept in DATA_DIR.',
    ),
  S3_PUBLIC_URL: url('http:', 'https:')
    .optional()
    .describe('Where clients reach that storage to upload, when that is not S3_URL.'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a name of a bucket')
    .optional()
    .describe('Its bucket, which exists and which nobody else reads or writes.'),
  S3_REGION: z
    .string()
    .min(1)
    .default('us-east-1')
    .describe('The region that requests to it are signed for.'),
  S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('The id of a key that may read, write, list and delete there.'),
  S3_SECRET_ACCESS_KEY: z.string().optional().describe('The secret of that key.'),
  FFMPEG: z
    .string()
    .default('ffmpeg')
    .describe(
      'What ffmpeg is called by. Where there is none, video and audio are served as they were uploaded.',
    ),
  FFPROBE: z
    .string()
    .default('ffprobe')
    .describe('What ffprobe is called by; one is of no use without the other.'),
}

export const mediaLimits = {
  uploadBytes: count(104_857_600, [1, 2_147_483_647], 'Size of one upload.'),
  uploadBytesPerDay: count(
    1_073_741_824,
    [1, 1_099_511_627_776],
    'What one person may upload in a day of UTC, in bytes.',
  ),
  uploadsPerDay: count(500, [1, 1_000_000], 'Uploads that one person may begin in a day of UTC.'),
  uploadSeconds: count(3600, [1, 86_400], 'How long the bytes of an upload are taken after it was begun.'),
  unusedUploadSeconds: count(
    86_400,
    [1, 31_536_000],
    'How long after it was begun an upload goes that no message and no picture holds.',
  ),
  mediaLinkSeconds: count(600, [2, 86_400], 'How long an address of a media is good at most.'),
  mediaMegapixels: count(
    64,
    [1, 1000],
    'Millions of pixels of an image that is rendered; a larger one can be sent as a file. One takes up to 10 MB of memory each.',
  ),
  mediaAnimationMegapixels: count(
    400,
    [1, 100_000],
    'Millions of pixels over all frames of an animated image that is rendered; a longer one can be sent as a file.',
  ),
  mediaProcessingSeconds: count(
    300,
    [1, 3600],
    'How long one attempt to make the renditions of a media may take.',
  ),
}

const storageNames = ['S3_URL', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']

/** A storage that is set up by half is a fault: uploads would land where nobody looks for them. */
export function mediaFaults(given: Record<string, string | undefined>): string[] {
  const present = storageNames.filter((name) => given[name])
  const missing = storageNames.filter((name) => !given[name])
  const faults =
    present.length === 0 ? [] : missing.map((name) => `${name}: required with ${present.join(', ')}`)
  if (given.S3_PUBLIC_URL && !given.S3_URL) faults.push('S3_PUBLIC_URL: of no use without S3_URL')
  return faults
}

export type MediaConfig = ReturnType<typeof mediaConfig>

/** Where and how an S3-compatible storage is spoken to. */
export interface S3Config {
  url: string
  publicUrl: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

export function mediaConfig(env: z.output<z.ZodObject<typeof mediaSettings>>) {
  const {
    S3_URL: url,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = env
  const publicUrl = env.S3_PUBLIC_URL ?? url
  const s3: S3Config | null =
    url && publicUrl && bucket && accessKeyId && secretAccessKey
      ? {
          url: bare(url),
          publicUrl: bare(publicUrl),
          bucket,
          region: env.S3_REGION,
          accessKeyId,
          secretAccessKey,
        }
      : null
  return { s3, ffmpeg: env.FFMPEG, ffprobe: env.FFPROBE }
}

const bare = (url: string) => url.replace(/\/+$/, '')
