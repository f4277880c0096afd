import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { useWorld } from '../../world/world.ts'
import { photo, picture, png } from '../samples.ts'
import { fetched, uploads, uploadsReady } from '../verbs.ts'

const world = useWorld()

describe('an uploaded image', () => {
  test('has dimensions, blurhash and thumbnail once READY', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, {
      bytes: await png(600, 300),
      filename: 'Übersicht.png',
      mimeType: 'image/png',
    })
    expect(media).toMatchObject({
      kind: 'IMAGE',
      status: 'READY',
      filename: 'Übersicht.png',
      mimeType: 'image/png',
      width: 600,
      height: 300,
      variants: [],
    })
    expect(media.blurhash).toMatch(/^.{20,}$/)
    const thumbnail = await fetched(media.thumbnailUrl)
    expect(await sharp(thumbnail.bytes).metadata()).toMatchObject({ format: 'webp', width: 400, height: 200 })
  })

  test('is served upright and without metadata', async () => {
    const ada = await world.person('ada')
    const bytes = await photo()
    expect(bytes.includes('Ada Secret')).toBe(true)
    const media = await uploadsReady(ada, { bytes, filename: 'IMG_1.jpg', mimeType: 'image/jpeg' })
    expect(media).toMatchObject({ width: 40, height: 80 })
    const served = await fetched(media.url)
    const { exif, xmp, iptc, orientation, width, height } = await sharp(served.bytes).metadata()
    expect({ exif, xmp, iptc, orientation, width, height }).toEqual({ width: 40, height: 80 })
    expect(served.bytes.includes('Ada Secret')).toBe(false)
    expect(served.bytes.length).toBe(media.byteSize)
  })

  test('that is animated keeps its frames', async () => {
    const ada = await world.person('ada')
    const frames = await Promise.all([0, 90, 180].map((level) => frame(level)))
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100, 100] })
      .toBuffer()
    const media = await uploadsReady(ada, { bytes, filename: 'a.gif', mimeType: 'image/gif' })
    expect(media).toMatchObject({ kind: 'IMAGE', width: 32, height: 24 })
    expect(await sharp((await fetched(media.url)).bytes).metadata()).toMatchObject({
      format: 'gif',
      pages: 3,
    })
  })

  test('of 48 megapixels, as from a phone, is rendered upright', async () => {
    const ada = await world.person('ada')
    const bytes = await picture(8000, 6000).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const media = await uploadsReady(ada, { bytes, filename: 'IMG_48.jpg', mimeType: 'image/jpeg' })
    expect(media).toMatchObject({ kind: 'IMAGE', status: 'READY', width: 6000, height: 8000 })
    expect(media.thumbnailUrl).not.toBeNull()
  })

  test('is an IMAGE by its content, whatever its name and declared type', async () => {
    const ada = await world.person('ada')
    const bytes = await picture().webp().toBuffer()
    const media = await uploads(ada, { bytes, filename: 'report.pdf', mimeType: 'application/pdf' })
    expect(media).toMatchObject({ kind: 'IMAGE', mimeType: 'image/webp', filename: 'report.pdf' })
  })
})

const frame = (level: number) =>
  sharp({ create: { width: 32, height: 24, channels: 3, background: { r: level, g: 0, b: 0 } } })
    .png()
    .toBuffer()
