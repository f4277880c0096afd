import sharp, { type Sharp } from 'sharp'

/** An image of one colour and any size. */
export function picture(width = 64, height = 48): Sharp {
  return sharp({ create: { width, height, channels: 3, background: { r: 30, g: 120, b: 210 } } })
}

export const png = (width?: number, height?: number): Promise<Buffer> =>
  picture(width, height).png().toBuffer()

/** A photo as from a phone: rotated by its orientation tag, with location and author. */
export function photo(): Promise<Buffer> {
  return picture(80, 40)
    .withExif({
      IFD0: { Artist: 'Ada Secret', Orientation: '6' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '51/1 30/1 0/1',
        GPSLongitudeRef: 'W',
        GPSLongitude: '0/1 7/1 0/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
}
