import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { withFfmpeg } from '../setup/ffmpeg.ts'
import { refusal } from '../world/client.ts'
import { useWorld } from '../world/world.ts'
import { picture, png } from './samples.ts'
import { type completes, fetched, uploads, uploadsReady } from './verbs.ts'

const world = useWorld({ ...withFfmpeg, LIMIT_MEDIA_MEGAPIXELS: '1', LIMIT_MEDIA_ANIMATION_MEGAPIXELS: '2' })

const html = Buffer.from('<!doctype html><script>alert(document.domain)</script>')
const svg = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>',
)

describe('content of another type than declared', () => {
  test.each([
    ['HTML declared as PNG', html, 'image/png'],
    ['SVG declared as PNG', svg, 'image/png'],
    ['text declared as audio', Buffer.from('la la la'), 'audio/mpeg'],
  ])(
    '%s is a FILE, only downloaded, and cannot be sent as the declared kind',
    async (_name, bytes, mimeType) => {
      const [ada, bob] = await world.friends('ada', 'bob')
      const { id: conversationId } = await ada.opens(bob)
      const media = await uploads(ada, { bytes, filename: 'x', mimeType })
      expect(media).toMatchObject({ kind: 'FILE', status: 'READY', mimeType: 'application/octet-stream' })
      await expectDownload(media.url, bytes)
      const reference = { mediaId: media.id }
      const content = mimeType === 'image/png' ? { image: reference } : { audio: reference }
      const sent = ada.sendsContent(conversationId, content)
      expect(await refusal(sent)).toBe('INVALID_INPUT')
      await ada.sendsContent(conversationId, { file: { mediaId: media.id } })
    },
  )

  test('an image declared as a video is an IMAGE', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, { bytes: await png(), filename: 'x', mimeType: 'video/mp4' })
    expect(media).toMatchObject({ kind: 'IMAGE', status: 'READY', mimeType: 'image/png' })
  })
})

async function expectDownload(url: string | null | undefined, bytes: Uint8Array): Promise<void> {
  const served = await fetched(url)
  expect(served.bytes.equals(bytes)).toBe(true)
  expect(served.headers.get('content-type')).toBe('application/octet-stream')
  expect(served.headers.get('content-disposition')).toMatch(/^attachment/)
}

describe('content that a browser could run', () => {
  test.each([
    ['HTML', html, 'text/html', 'evil.html'],
    ['SVG', svg, 'image/svg+xml', 'evil.svg'],
    [
      'XHTML',
      Buffer.from('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>'),
      'application/xhtml+xml',
      'a.xhtml',
    ],
  ])('%s is served as a download only', async (_name, bytes, mimeType, filename) => {
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

  test('a polyglot JPEG is served without the appended HTML and ZIP', async () => {
    const ada = await world.person('ada')
    const bytes = Buffer.concat([await picture().jpeg().toBuffer(), html, Buffer.from('PK\u0003\u0004zip')])
    const media = await uploadsReady(ada, { bytes, filename: 'polyglot.jpg', mimeType: 'image/jpeg' })
    const served = await fetched(media.url)
    expect(media.status).toBe('READY')
    expect([served.bytes.includes('<script>'), served.bytes.includes('PK\u0003\u0004')]).toEqual([
      false,
      false,
    ])
    expect(served.headers.get('content-type')).toBe('image/jpeg')
  })

  test('a file name with quotes and backslashes is escaped in Content-Disposition', async () => {
    const ada = await world.person('ada')
    const media = await uploads(ada, { bytes: html, filename: 'a";\\x=é%.bin' })
    const { headers } = await fetched(media.url)
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="x=__.bin"; filename*=UTF-8''x%3D%C3%A9%25.bin`,
    )
  })
})

describe('decompression bombs', () => {
  test('an image of the maximum number of pixels is rendered; with one more row it is a FILE', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, {
      bytes: await png(1000, 1000),
      filename: 'a.png',
      mimeType: 'image/png',
    })
    expect(media).toMatchObject({ kind: 'IMAGE', status: 'READY', width: 1000, height: 1000 })
    await expectFile(ada, await png(1000, 1001), 'image/png')
  })

  test('a small PNG whose header says 65,000 by 65,000 pixels is not decoded', async () => {
    const ada = await world.person('ada')
    await expectFile(ada, emptyPng(65_000, 65_000), 'image/png')
  })

  test('an animation of the maximum number of pixels over all frames is rendered; with one more frame it is a FILE', async () => {
    const ada = await world.person('ada')
    const bytes = gifOf(500, 500, 8)
    const media = await uploadsReady(ada, { bytes, filename: 'a.gif', mimeType: 'image/gif' })
    expect(media).toMatchObject({ kind: 'IMAGE', status: 'READY', width: 500, height: 500 })
    await expectFile(ada, gifOf(500, 500, 9), 'image/gif')
  })

  test('an animation with too many pixels per frame is a FILE', async () => {
    const ada = await world.person('ada')
    await expectFile(ada, gifOf(1001, 1000, 1), 'image/gif')
    await expectFile(ada, gifOf(1001, 1000, 2), 'image/gif')
  })
})

/** Expects a FILE without thumbnail that downloads exactly as uploaded. */
async function expectFile(
  person: Parameters<typeof completes>[0],
  bytes: Buffer,
  mimeType: string,
): Promise<void> {
  const media = await uploads(person, { bytes, filename: 'bomb', mimeType })
  expect(media).toMatchObject({ kind: 'FILE', status: 'READY', thumbnailUrl: null, blurhash: null })
  await expectDownload(media.url, bytes)
}

/** A PNG whose header declares far more pixels than its body contains. */
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

/** A GIF with frames of one colour, a few bytes each. */
function gifOf(width: number, height: number, frames: number): Buffer {
  const size = [width & 255, width >> 8, height & 255, height >> 8]
  const head = [...Buffer.from('GIF89a'), ...size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
  const frame = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x44, 0x01, 0]
  return Buffer.from([...head, ...Array.from({ length: frames }, () => frame).flat(), 0x3b])
}
