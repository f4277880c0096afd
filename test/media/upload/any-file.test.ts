import { beforeAll, describe, expect, test } from 'vitest'
import { withFfmpeg } from '../../setup/ffmpeg.ts'
import { refusal } from '../../world/client.ts'
import type { Person } from '../../world/person.ts'
import { useWorld } from '../../world/world.ts'
import { damaged, mediaFiles, type Sample } from '../damaged.ts'
import { photo } from '../samples.ts'
import { type Contents, fetched, processed, uploads, uploadsReady } from '../verbs.ts'

const world = useWorld(withFfmpeg)
let ada: Person
let bob: Person
let conversationId: string

beforeAll(async () => {
  ;[ada, bob] = await world.friends('ada', 'bob')
  conversationId = (await ada.opens(bob)).id
})

/** Sends an upload as a FILE as soon as it is complete. Returns the processed media item as the recipient sees it. */
async function sentAsFile(contents: Contents) {
  const { id } = await uploads(ada, contents)
  await ada.sendsContent(conversationId, { file: { mediaId: id } })
  await processed(ada, id)
  return processed(bob, id)
}

const octets = 'application/octet-stream'
const utf16 = (mark: number[], text: string, swap: boolean) => {
  const bytes = Buffer.from(text, 'utf16le')
  return Buffer.concat([Buffer.from(mark), swap ? bytes.swap16() : bytes])
}
const table = 'Name;Größe\r\nÅsa;172\r\n'
const noise = (signature: number[]) =>
  Buffer.concat([
    Buffer.from(signature),
    Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 167) % 251)),
  ])
const transportStream = Buffer.from(`G${'x'.repeat(187)}G and more text that happens to begin so`)

describe('a file whose content looks like media', () => {
  test.each([
    ['UTF-16 text', utf16([0xff, 0xfe], table, false), 'text/csv'],
    ['big-endian UTF-16 text', utf16([0xfe, 0xff], table, true), 'text/csv'],
    ['text that begins like a transport stream', transportStream, 'text/plain'],
    ['bytes that begin like MP3', noise([0xff, 0xfb, 0x90]), octets],
    ['bytes that begin like AAC', noise([0xff, 0xf1, 0x50]), octets],
    ['bytes that begin like AC-3', noise([0x0b, 0x77]), octets],
    ['one byte', Buffer.from([0xff]), octets],
  ])('%s is a FILE with its bytes and declared type unchanged', async (_name, bytes, mimeType) => {
    const media = await sentAsFile({ bytes, filename: 'data', mimeType })
    expect(media).toMatchObject({ kind: 'FILE', status: 'READY', mimeType, byteSize: bytes.length })
    expect((await fetched(media.url)).bytes.equals(bytes)).toBe(true)
  })
})

describe('damaged media', () => {
  test.each(mediaFiles)(
    '%s can be sent as a FILE however it is cut or changed, declared as its type or not',
    async (...file) => {
      const samples = await damaged(file)
      await Promise.all(samples.map((sample, index) => staysReadable(sample, index % 2 === 0)))
    },
  )
})

async function staysReadable(sample: Sample, isDeclared: boolean) {
  const { name, bytes, mimeType } = sample
  const media = await sentAsFile({ bytes, filename: name, mimeType: isDeclared ? mimeType : octets })
  expect(media.status, name).toBe('READY')
  const served = await fetched(media.url)
  expect([served.status, served.bytes.length], name).toEqual([200, media.byteSize])
  if (media.kind === 'FILE') expect(served.bytes.equals(bytes), name).toBe(true)
}

describe('an upload as a file', () => {
  test('keeps every byte of a photo, and can only be sent as a FILE', async () => {
    const bytes = Buffer.concat([await photo(), Buffer.from('and something behind it')])
    const media = await uploads(ada, { bytes, filename: 'a.jpg', mimeType: 'image/jpeg', asFile: true })
    expect(media).toMatchObject({ kind: 'FILE', status: 'READY', mimeType: 'image/jpeg', thumbnailUrl: null })
    const asImage = ada.sendsContent(conversationId, { image: { mediaId: media.id } })
    expect(await refusal(asImage)).toBe('INVALID_INPUT')
    await ada.sendsContent(conversationId, { file: { mediaId: media.id } })
    const served = await fetched((await processed(bob, media.id)).url)
    expect(served.bytes.equals(bytes)).toBe(true)
    expect(served.headers.get('content-disposition')).toContain('attachment; filename="a.jpg"')
  })

  test('keeps metadata that the same photo uploaded as an image loses', async () => {
    const bytes = await photo()
    const shown = await uploadsReady(ada, { bytes, filename: 'a.jpg', mimeType: 'image/jpeg' })
    expect((await fetched(shown.url)).bytes.includes('Ada Secret')).toBe(false)
    const kept = await uploads(ada, { bytes, filename: 'a.jpg', mimeType: 'image/jpeg', asFile: true })
    expect((await fetched(kept.url)).bytes.includes('Ada Secret')).toBe(true)
  })
})
