import { afterAll, describe, expect, test, vi } from 'vitest'
import { refusal } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { photo, png } from '../samples.ts'
import { completes, createsUpload, fetched, looksAt, processed, sendsBytes, uploadsReady } from '../verbs.ts'
import { openBucket } from './bucket.ts'

const bucket = await openBucket()
afterAll(() => bucket.close())
const world = useWorld(bucket.settings)

const text = Buffer.from('Dear bucket, nothing happened today.')
const note = { filename: 'note.txt', mimeType: 'text/plain', byteSize: text.length }

describe.each([false, true])('an upload to S3 storage (form: %s)', (form) => {
  test('is sent to the bucket, completed, and read through the server, with ranges', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, { ...note, form })
    expect(ticket.url.startsWith(bucket.settings.S3_URL)).toBe(true)
    expect(ticket.method).toBe(form ? 'POST' : 'PUT')
    expect((await sendsBytes(ticket, text)).ok).toBe(true)
    const media = await completes(ada, ticket.media.id)
    expect(media).toMatchObject({ status: 'READY', kind: 'FILE' })
    expect((await fetched(media.url)).bytes).toEqual(text)
    expect(await fetched(media.url, { range: 'bytes=5-10' })).toMatchObject({
      status: 206,
      bytes: Buffer.from('bucket'),
    })
    expect(await fetched(media.url, { range: 'bytes=999-' })).toMatchObject({ status: 416 })
  })
})

describe('the S3 storage', () => {
  test('refuses a modified ticket', async () => {
    const ada = await world.person('ada')
    const [one, other] = [await createsUpload(ada, note), await createsUpload(ada, note)]
    const url = one.url.replace(one.media.id, other.media.id)
    expect((await sendsBytes({ ...one, url }, text)).ok).toBe(false)
    const html = [{ name: 'Content-Type', value: 'text/html' }]
    expect((await sendsBytes({ ...one, headers: html }, text)).ok).toBe(false)
    expect(await refusal(completes(ada, one.media.id))).toBe('CONFLICT')
  })

  test('content of another type than declared is a FILE', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, { ...note, mimeType: 'image/png' })
    expect((await sendsBytes(ticket, text)).ok).toBe(true)
    const media = await completes(ada, ticket.media.id)
    expect(media).toMatchObject({ kind: 'FILE', status: 'READY', mimeType: 'application/octet-stream' })
    expect((await fetched(media.url)).bytes).toEqual(text)
  })

  test('an upload of another size than announced is FAILED, even if the bucket accepted it', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    expect((await sendsBytes(ticket, text)).ok).toBe(true)
    await bucket.lengthen(ticket.media.id)
    expect(await refusal(completes(ada, ticket.media.id))).toBe('INVALID_INPUT')
    expect(await looksAt(ada, ticket.media.id)).toMatchObject({ status: 'FAILED', url: null })
  })

  test('later uploads with the same ticket do not change a completed media item', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    expect((await sendsBytes(ticket, text)).ok).toBe(true)
    const media = await completes(ada, ticket.media.id)
    await sendsBytes(ticket, Buffer.from('x'.repeat(text.length)))
    expect((await fetched(media.url)).bytes).toEqual(text)
    expect((await completes(ada, ticket.media.id)).status).toBe('READY')
  })

  test('contains the renditions and not the original upload', async () => {
    const ada = await world.person('ada')
    const media = await uploadsReady(ada, { bytes: await photo(), filename: 'a.jpg', mimeType: 'image/jpeg' })
    expect(media).toMatchObject({ status: 'READY', width: 40, height: 80 })
    expect((await fetched(media.url)).bytes.includes('Ada Secret')).toBe(false)
    expect((await fetched(media.thumbnailUrl)).headers.get('content-type')).toBe('image/webp')
    await vi.waitFor(async () => expect(await bucket.keys(media.id)).toHaveLength(2), 10_000)
  })
})

describe('while the S3 storage is unreachable', () => {
  test('uploads are UNAVAILABLE, messages are sent, and a started upload completes afterwards', async () => {
    const [ada, bob] = await world.friends('ada', 'bob')
    const bytes = await png()
    const ticket = await createsUpload(ada, {
      filename: 'a.png',
      mimeType: 'image/png',
      byteSize: bytes.length,
    })
    expect((await sendsBytes(ticket, bytes)).ok).toBe(true)
    await bucket.stop()
    expect(await refusal(completes(ada, ticket.media.id))).toBe('UNAVAILABLE')
    const { id } = await ada.opens(bob)
    expect((await ada.sends(id, 'still here')).seq).toBeGreaterThan(0)
    await bucket.start()
    await completes(ada, ticket.media.id)
    expect(await processed(ada, ticket.media.id)).toMatchObject({ status: 'READY' })
  })
})
