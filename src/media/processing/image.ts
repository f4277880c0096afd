import { encode } from 'blurhash'
import sharp, { type Sharp, type SharpOptions } from 'sharp'

export interface Shape {
  width: number
  height: number
  frames: number
}

/** What was made of an image, at the paths that were asked for. */
export interface Rendered {
  width: number
  height: number
  byteSize: number
}

/** The size that the header of an image tells, before anything is decoded; null when there is none to be read. */
export async function readShape(path: string): Promise<Shape | null> {
  try {
    // It refuses nothing by itself: what is too large shall be told apart from what cannot be read.
    const { width, height, pages } = await sharp(path, { limitInputPixels: false }).metadata()
    return { width, height, frames: pages ?? 1 }
  } catch {
    return null
  }
}

export interface Bounds {
  maxPixels: number
  seconds: number
}

function openImage(path: string, { maxPixels, seconds }: Bounds, options: SharpOptions = {}): Sharp {
  const image = sharp(path, {
    limitInputPixels: maxPixels,
    failOn: 'error',
    sequentialRead: true,
    ...options,
  })
  return image.timeout({ seconds })
}

const writers: Record<string, (image: Sharp) => Sharp> = {
  'image/jpeg': (image) => image.jpeg({ quality: 90 }),
  'image/png': (image) => image.png(),
  'image/gif': (image) => image.gif({ effort: 3 }),
  'image/webp': (image) => image.webp({ quality: 90, effort: 3 }),
  'image/avif': (image) => image.avif({ quality: 65, effort: 2 }),
}

/**
 * Writes an image anew in its own type: pixels and colour profile only, turned the right way up. Whatever else was in
 * the file, such as where it was taken or a second file in its tail, is not in the copy.
 */
export async function rewriteImage(
  path: string,
  target: string,
  mimeType: string,
  bounds: Bounds,
): Promise<Rendered> {
  const { frames = 1 } = (await readShape(path)) ?? {}
  const write = writers[mimeType]
  if (!write) throw new Error(`There is no writer for ${mimeType}.`)
  const image = openImage(path, bounds, { animated: frames > 1 }).keepIccProfile()
  const { width, height, size, pageHeight } = await write(frames > 1 ? image : image.autoOrient()).toFile(
    target,
  )
  return { width, height: pageHeight ?? height, byteSize: size }
}

const thumbnailSide = 400

/** A small still picture in WebP. */
export async function writeThumbnail(path: string, target: string, bounds: Bounds): Promise<Rendered> {
  const { width, height, size } = await openImage(path, bounds)
    .autoOrient()
    .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 78 })
    .toFile(target)
  return { width, height, byteSize: size }
}

export async function blurhashOf(path: string, bounds: Bounds): Promise<string> {
  const { data, info } = await openImage(path, bounds)
    .resize({ width: 32, height: 32, fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3)
}
