import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { refusal } from '../world/client.ts'
import { useWorld } from '../world/world.ts'
import { picture, png } from './samples.ts'
import { brings, completes, createsUpload, fetched, hasReady, looksAt, uploads } from './verbs.ts'

const world = useWorld({ LIMIT_MEDIA_MEGAPIXELS: '1' })

const html = Buffer.from('<!doctype html><script>alert(document.domain)</script>')
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>',
)

describe('what is not what it says', () => {
  test.each([
    ['a page called an image', html, 'image/png'],
    ['an SVG called a PNG', svg, 'image/png'],
    ['an image called a film', null, 'video/mp4'],
    ['nothing in particular called sound', Buffer.from('la la la'), 'audio/mpeg'],
  ])('%s fails for good', async (_name, bytes, mimeType) => {
    const ada = await world.person('ada')
    const content = bytes ?? (await png())
    const ticket = await createsUpload(ada, { filename: 'x', mimeType, byteSize: content.length })
    await brings(ticket, content)
    expect(await refusal(completes(ada, ticket.media.id))).toBe('INVALID_INPUT')
    expect(await looksAt(ada, ticket.media.id)).toMatchObject({ status: 'FAILED', url: null })
    expect((await brings(ticket, content)).status).toBe(409)
  })
})

describe('what could run in a browser', () => {
  test.each([
    ['a page', html, 'text/html', 'evil.html'],
    ['an SVG', svg, 'image/svg+xml', 'evil.svg'],
    [
      'an XHTML',
      Buffer.from('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
      'application/xhtml+xml',
      'a.xhtml',
    ],
  ])('%s is only ever saved', async (_name, bytes, mimeType, filename) => {
    const ada = await world.person('ada')
    const media = await uploads(ada, { bytes, mimeType, filename })
    expect(media).toMatchObject({ kind: 'FILE', thumbnailUrl: null })
    const { headers } = await fetched(media.url)
    expect(headers.get('content-type')).toBe('application/octet-stream')
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="${filename}"; filename*=UTF-8''${filename}`,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  })

  test('a file of two kinds loses the second', async () => {
    const ada = await world.person('ada')
    const bytes = Buffer.concat([await picture().jpeg().toBuffer(), html, Buffer.from('PK\u0003\u0004zip')])
    const media = await hasReady(ada, { bytes, filename: 'polyglot.jpg', mimeType: 'image/jpeg' })
    const served = await fetched(media.url)
    expect(media.status).toBe('READY')
    expect([served.bytes.includes('<script>'), served.bytes.includes('PK\u0003\u0004')]).toEqual([
      false,
      false,
    ])
    expect(served.headers.get('content-type')).toBe('image/jpeg')
  })

  test('a name cannot leave its header', async () => {
    const ada = await world.person('ada')
    const media = await uploads(ada, { bytes: html, filename: 'a";\\x=é%.bin' })
    const { headers } = await fetched(media.url)
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="x=__.bin"; filename*=UTF-8''x%3D%C3%A9%25.bin`,
    )
  })
})

describe('bombs', () => {
  test('as many pixels as are allowed are an image, one row more is refused by its header', async () => {
    const ada = await world.person('ada')
    const media = await hasReady(ada, {
      bytes: await png(1000, 1000),
      filename: 'a.png',
      mimeType: 'image/png',
    })
    expect(media).toMatchObject({ status: 'READY', width: 1000, height: 1000 })
    await refusedAs(ada, await png(1000, 1001), 'image/png', 'LIMIT_EXCEEDED')
  })

  test('a few bytes that say they are 65,000 by 65,000 are never decoded', async () => {
    const ada = await world.person('ada')
    await refusedAs(ada, emptyPng(65_000, 65_000), 'image/png', 'LIMIT_EXCEEDED')
  })

  test('frames count', async () => {
    const ada = await world.person('ada')
    await refusedAs(ada, gifOf(500, 500, 5), 'image/gif', 'LIMIT_EXCEEDED')
  })

  test('an image cut short fails, and is told to have', async () => {
    const ada = await world.person('ada')
    const whole = await picture(300, 300).png({ compressionLevel: 0 }).toBuffer()
    const bytes = whole.subarray(0, whole.length / 2)
    const media = await hasReady(ada, { bytes, filename: 'half.png', mimeType: 'image/png' })
    expect(media).toMatchObject({ status: 'FAILED', url: null, thumbnailUrl: null })
  })
})

async function refusedAs(
  person: Parameters<typeof completes>[0],
  bytes: Buffer,
  mimeType: string,
  code: string,
): Promise<void> {
  const ticket = await createsUpload(person, { filename: 'bomb', mimeType, byteSize: bytes.length })
  await brings(ticket, bytes)
  expect(await refusal(completes(person, ticket.media.id))).toBe(code)
  expect(await looksAt(person, ticket.media.id)).toMatchObject({ status: 'FAILED' })
}

/** A PNG whose header promises far more than its body holds. */
function emptyPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(Buffer.alloc(100_000))
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** Frames of one colour take a few bytes each. */
function gifOf(width: number, height: number, frames: number): Buffer {
  const size = [width & 255, width >> 8, height & 255, height >> 8]
  const head = [...Buffer.from('GIF89a'), ...size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
  const frame = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x44, 0x01, 0]
  return Buffer.from([...head, ...Array.from({ length: frames }, () => frame).flat(), 0x3b])
}
