import { z } from 'zod'
import { forClients, integer, secret, url } from './fields.ts'

/** Storage of uploads, and the programs that render them. */
export const mediaSettings = {
  S3_URL: url('http:', 'https:')
    .optional()
    .describe(
      'Endpoint of an S3-compatible storage for uploads, without the bucket. If unset, uploads are stored in DATA_DIR.',
    ),
  S3_PUBLIC_URL: url('http:', 'https:')
    .optional()
    .describe('Endpoint under which clients reach that storage to upload, if it is not S3_URL.'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a name of a bucket')
    .optional()
    .describe('Existing bucket, private to this server.'),
  S3_ADDRESSING: z
    .enum(['path', 'virtual-host'])
    .default('path')
    .describe(
      'Where requests name the bucket: in the path (HOST/BUCKET), or before the host (BUCKET.HOST), which Alibaba Cloud OSS and new buckets of AWS require.',
    ),
  S3_REGION: z.string().min(1).default('us-east-1').describe('Region used to sign requests.'),
  S3_ACCESS_KEY_ID: secret(
    z.string().optional().describe('Access key id; the key needs rights to read, write, list and delete.'),
  ),
  S3_SECRET_ACCESS_KEY: secret(z.string().optional().describe('Secret access key.')),
  MEDIA_CDN_URL: url('http:', 'https:')
    .optional()
    .describe(
      'Address of a CDN that fetches from PUBLIC_URL. Clients then read avatars and thumbnails there; the others stay at the server.',
    ),
  FFMPEG: z
    .string()
    .default('ffmpeg')
    .describe('Command or path of ffmpeg. Without it, video and audio are served as uploaded.'),
  FFPROBE: z.string().default('ffprobe').describe('Command or path of ffprobe; required along with ffmpeg.'),
}

export const mediaLimits = {
  uploadBytes: forClients(integer(104_857_600, [1, 2_147_483_647], 'Size of an upload, in bytes.')),
  uploadBytesPerDay: integer(1_073_741_824, [1, 1_099_511_627_776], 'Bytes uploaded per user and UTC day.'),
  uploadsPerDay: integer(500, [1, 1_000_000], 'Uploads started per user and UTC day.'),
  uploadSeconds: integer(
    3600,
    [1, 86_400],
    'Time after createUpload in which the upload is accepted, in seconds.',
  ),
  unusedUploadSeconds: integer(
    86_400,
    [1, 31_536_000],
    'Time after createUpload at which an upload that nothing uses is deleted, in seconds.',
  ),
  mediaLinkSeconds: integer(600, [2, 86_400], 'Maximum lifetime of a media URL, in seconds.'),
  cdnLinkSeconds: integer(
    60,
    [10, 600],
    'Maximum lifetime of the URL of a thumbnail at MEDIA_CDN_URL, in seconds. A copy there may be read for as long after a recall or a removal.',
  ),
  mediaMegapixels: integer(
    64,
    [1, 1000],
    'Megapixels of an image or of a frame of a video that is rendered; a larger image is a file, a larger video has no renditions. Rendering takes up to 10 MB of memory per megapixel.',
  ),
  mediaAnimationMegapixels: integer(
    400,
    [1, 100_000],
    'Megapixels over all frames of an animation that is rendered; a larger one is a file.',
  ),
  mediaProcessingSeconds: integer(
    300,
    [1, 3600],
    'Time for one attempt to process a media item, in seconds.',
  ),
}

const storageNames = ['S3_URL', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']

/** A partly configured storage is an error: uploads would be stored in DATA_DIR unexpectedly. */
export function mediaErrors(given: Record<string, string | undefined>): string[] {
  const present = storageNames.filter((name) => given[name])
  const missing = storageNames.filter((name) => !given[name])
  const errors =
    present.length === 0 ? [] : missing.map((name) => `${name}: required with ${present.join(', ')}`)
  if (given.S3_PUBLIC_URL && !given.S3_URL) errors.push('S3_PUBLIC_URL: requires S3_URL')
  return errors
}

export type MediaConfig = ReturnType<typeof mediaConfig>

/** Connection to an S3-compatible storage. */
export interface S3Config {
  /** Address of the bucket for this server. */
  url: string
  /** Address of the bucket for clients. */
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
          url: bucketAt(url, bucket, env.S3_ADDRESSING),
          publicUrl: bucketAt(publicUrl, bucket, env.S3_ADDRESSING),
          bucket,
          region: env.S3_REGION,
          accessKeyId,
          secretAccessKey,
        }
      : null
  return {
    s3,
    cdnUrl: env.MEDIA_CDN_URL?.replace(/\/+$/, '') ?? null,
    ffmpeg: env.FFMPEG,
    ffprobe: env.FFPROBE,
  }
}

/** Address of a bucket at an endpoint, without a slash at the end. */
function bucketAt(endpoint: string, bucket: string, addressing: 'path' | 'virtual-host'): string {
  const url = new URL(endpoint)
  if (addressing === 'path') url.pathname = `${url.pathname.replace(/\/+$/, '')}/${bucket}`
  else url.hostname = `${bucket}.${url.hostname}`
  return url.href.replace(/\/+$/, '')
}
