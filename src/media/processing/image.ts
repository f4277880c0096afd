import { encode } from 'blurhash'
import sharp, { type Sharp, type SharpOptions } from 'sharp'
import type { Limits } from '../../config.ts'
import { Unreadable } from './unreadable.ts'

export interface Shape {
  width: number
  height: number
  frames: number
}

/** An image that was written, and its size. */
export interface Rendered {
  width: number
  height: number
  byteSize: number
}

/** The size in the header of an image, read without decoding it; null when it cannot be read. */
export async function readShape(path: string): Promise<Shape | null> {
  try {
    // No limit here: an image that is too large is not an unreadable one.
    const { width, height, pages, pageHeight } = await sharp(path, { limitInputPixels: false }).metadata()
    return { width, height: pageHeight ?? height, frames: pages ?? 1 }
  } catch {
    return null
  }
}

export interface ImageBounds {
  /** Of one frame, which decides how much memory it takes. */
  framePixels: number
  /** Of all frames, which decides how long it takes. */
  totalPixels: number
  seconds: number
}

export const imageBounds = (limits: Limits): ImageBounds => ({
  framePixels: limits.mediaMegapixels * 1_000_000,
  totalPixels: limits.mediaAnimationMegapixels * 1_000_000,
  seconds: limits.mediaProcessingSeconds,
})

export function isWithin({ width, height, frames }: Shape, bounds: ImageBounds): boolean {
  const pixels = width * height
  return pixels <= bounds.framePixels && (frames === 1 || pixels * frames <= bounds.totalPixels)
}

function openImage(path: string, { framePixels, totalPixels, seconds }: ImageBounds, options: SharpOptions) {
  const image = sharp(path, {
    limitInputPixels: options.animated ? Math.max(framePixels, totalPixels) : framePixels,
    failOn: 'error',
    sequentialRead: true,
    ...options,
  })
  return image.timeout({ seconds })
}

// The library has no codes for its errors. A full disk is not the fault of the image.
const systemError = /system error/

/** Reports an image that cannot be decoded or encoded as Unreadable, so that it is not tried again. */
async function decoding<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Error) || systemError.test(error.message)) throw error
    throw new Unreadable('The image cannot be decoded.', { cause: error })
  }
}

const writers: Record<string, (image: Sharp) => Sharp> = {
  // Optimised tables would take twice the memory for a file that is a twentieth smaller.
  'image/jpeg': (image) => image.jpeg({ quality: 90, optimiseCoding: false }),
  'image/png': (image) => image.png(),
  'image/gif': (image) => image.gif({ effort: 3 }),
  'image/webp': (image) => image.webp({ quality: 90, effort: 3 }),
  'image/avif': (image) => image.avif({ quality: 65, effort: 2 }),
}

/**
 * Encodes an image again in its own type: pixels and colour profile only, upright. Metadata, such as a location, and
 * data after the end of the image are not copied.
 */
export async function rewriteImage(
  path: string,
  target: string,
  mimeType: string,
  bounds: ImageBounds,
): Promise<Rendered> {
  const { frames = 1 } = (await readShape(path)) ?? {}
  const write = writers[mimeType]
  if (!write) throw new Error(`There is no writer for ${mimeType}.`)
  const animated = frames > 1
  const image = openImage(path, bounds, { animated }).keepIccProfile()
  const { width, height, size, pageHeight } = await decoding(
    write(animated ? image : image.autoOrient()).toFile(target),
  )
  return { width, height: pageHeight ?? height, byteSize: size }
}

const thumbnailSide = 400

/** A small still image in WebP. */
export async function writeThumbnail(path: string, target: string, bounds: ImageBounds): Promise<Rendered> {
  const { width, height, size } = await decoding(
    openImage(path, bounds, {})
      .autoOrient()
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78 })
      .toFile(target),
  )
  return { width, height, byteSize: size }
}

export async function blurhashOf(path: string, bounds: ImageBounds): Promise<string> {
  const small = openImage(path, bounds, {}).resize({ width: 32, height: 32, fit: 'inside' })
  const { data, info } = await decoding(small.ensureAlpha().raw().toBuffer({ resolveWithObject: true }))
  return encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3)
}
