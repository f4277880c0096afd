import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refusal, refusalOf } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { completes, createsUpload, fetched, looksAt, sendsBytes, uploads } from '../verbs.ts'

const world = useWorld({
  LIMIT_UPLOAD_BYTES: '1000',
  LIMIT_UPLOADS_PER_DAY: '4',
  LIMIT_UPLOAD_BYTES_PER_DAY: '2500',
})

const text = Buffer.from('Dear diary, nothing happened today.')
const note = { filename: 'note.txt', mimeType: 'text/plain', byteSize: text.length }

/** A media item with the path of its URL only, as the query string depends on the time. */
function withoutSignature({ url, urlExpiresAt: _, ...rest }: Awaited<ReturnType<typeof completes>>) {
  return { ...rest, path: new URL(url ?? '').pathname }
}

describe('an upload', () => {
  test('is sent with a PUT, completed, and read unchanged', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    expect(ticket).toMatchObject({ method: 'PUT', fields: [], media: { status: 'UPLOADING', url: null } })
    expect((await sendsBytes(ticket, text)).status).toBe(204)
    const media = await completes(ada, ticket.media.id)
    expect(media).toMatchObject({
      kind: 'FILE',
      status: 'READY',
      byteSize: text.length,
      mimeType: 'text/plain',
    })
    expect((await fetched(media.url)).bytes).toEqual(text)
  })

  test('is sent with a form, with the fields of the ticket before the file', async () => {
    const ada = await world.person('ada')
    const media = await uploads(ada, { bytes: text, filename: 'note.txt', mimeType: 'text/plain' }, true)
    expect((await fetched(media.url)).bytes).toEqual(text)

    const ticket = await createsUpload(ada, { ...note, form: true })
    expect((await sendsBytes({ ...ticket, fields: [] }, text)).status).toBe(403)
    expect(await refusal(completes(ada, ticket.media.id))).toBe('CONFLICT')
  })

  test('with more or fewer bytes than announced is refused, and can be sent again', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    for (const wrong of [text.subarray(1), Buffer.concat([text, Buffer.from('!')])])
      expect((await sendsBytes(ticket, wrong)).status).toBe(400)
    expect(await refusal(completes(ada, ticket.media.id))).toBe('CONFLICT')
    expect((await sendsBytes(ticket, text)).status).toBe(204)
    expect((await completes(ada, ticket.media.id)).status).toBe('READY')
    const form = await createsUpload(ada, { ...note, form: true })
    for (const wrong of [text.subarray(1), Buffer.concat([text, Buffer.from('!')])])
      expect((await sendsBytes(form, wrong)).status).toBe(400)
    expect((await sendsBytes(form, text)).status).toBe(204)
  })

  test('cannot be sent again once it is completed, and completing it again changes nothing', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    await sendsBytes(ticket, text)
    const [one, other] = await Promise.all([completes(ada, ticket.media.id), completes(ada, ticket.media.id)])
    expect(withoutSignature(one)).toEqual(withoutSignature(other))
    expect((await sendsBytes(ticket, Buffer.from('<script>alert(1)</script>          '))).status).toBe(409)
    expect(withoutSignature(await completes(ada, ticket.media.id))).toEqual(withoutSignature(one))
  })

  test('cannot be completed or read by another user', async () => {
    const [ada, eve] = await world.people('ada', 'eve')
    const ticket = await createsUpload(ada, note)
    await sendsBytes(ticket, text)
    expect(await refusal(completes(eve, ticket.media.id))).toBe('NOT_FOUND')
    expect(await refusal(completes(eve, 'none'))).toBe('NOT_FOUND')
    expect(await looksAt(eve, ticket.media.id)).toBeNull()
  })
})

describe('an upload ticket', () => {
  test('is valid for its own upload and type, and cannot be forged', async () => {
    const ada = await world.person('ada')
    const [one, other] = [await createsUpload(ada, note), await createsUpload(ada, note)]
    const url = new URL(one.url)
    url.pathname = new URL(other.url).pathname
    expect((await sendsBytes({ ...one, url: url.href }, text)).status).toBe(403)
    const later = one.url.replace(/expires=(\d+)/, (_all, seconds) => `expires=${Number(seconds) + 60}`)
    expect((await sendsBytes({ ...one, url: later }, text)).status).toBe(403)
    const html = { ...one, headers: [{ name: 'Content-Type', value: 'text/html' }] }
    expect((await sendsBytes(html, text)).status).toBe(400)
    expect((await sendsBytes(one, text)).status).toBe(204)
  })

  test('with another path never writes outside of the media folder', async () => {
    const ada = await world.person('ada')
    const ticket = await createsUpload(ada, note)
    const query = new URL(ticket.url).search
    for (const path of [
      '/uploads/../../etc/passwd',
      '/uploads/%2e%2e%2fescape',
      '/uploads/..%5cescape',
      '/uploads/',
    ])
      expect(
        (await fetch(`${world.url}${path}${query}`, { method: 'PUT', body: text })).status,
      ).toBeGreaterThanOrEqual(400)
    expect(existsSync(join(world.dataDir, 'escape'))).toBe(false)
    expect(readdirSync(world.dataDir)).not.toContain('escape')
  })
})

describe('upload limits', () => {
  test('the size of one upload is limited', async () => {
    const ada = await world.person('ada')
    await createsUpload(ada, { ...note, byteSize: 1000 })
    const refused = await refusalOf(createsUpload(ada, { ...note, byteSize: 1001 }))
    expect([refused.code, refused.extensions.limit]).toEqual(['LIMIT_EXCEEDED', 1000])
    expect(await refusal(createsUpload(ada, { ...note, byteSize: 0 }))).toBe('INVALID_INPUT')
  })

  test('the bytes and the uploads per user and day are limited', async () => {
    const [ada, bob] = await world.people('ada', 'bob')
    for (const byteSize of [1000, 1000, 500]) await createsUpload(ada, { ...note, byteSize })
    expect(await refusal(createsUpload(ada, { ...note, byteSize: 1 }))).toBe('LIMIT_EXCEEDED')
    for (let count = 0; count < 4; count += 1) await createsUpload(bob, { ...note, byteSize: 1 })
    expect(await refusal(createsUpload(bob, { ...note, byteSize: 1 }))).toBe('LIMIT_EXCEEDED')
  })
})

describe('a file name', () => {
  test('is stripped of folders and control characters', async () => {
    const ada = await world.person('ada')
    const named = async (filename: string) => (await createsUpload(ada, { ...note, filename })).media.filename
    expect(await named('../../etc/passwd')).toBe('passwd')
    expect(await named('C:\\Users\\ada\\re\u0301sum\u00e9\u202e.pdf\r\nX: y')).toBe('résumé.pdfX y')
    expect(await named('..')).toBe('file')
    expect(await named('\u2066\u200b\u2069')).toBe('file')
    expect(await refusal(createsUpload(ada, { ...note, filename: 'x'.repeat(256) }))).toBe('INVALID_INPUT')
  })

  test('keeps joiners of emoji and Persian words, and loses bidirectional marks and line breaks', async () => {
    const ada = await world.person('ada')
    const named = async (filename: string) => (await createsUpload(ada, { ...note, filename })).media.filename
    const joined = ['👨‍👩‍👧.txt', 'نامه‌ها.pdf', '🏴󠁧󠁢󠁥󠁮󠁧󠁿.png']
    for (const filename of joined) expect(await named(filename)).toBe(filename)
    const marks = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
    const breaks = '\u2028\u2029\u0085\n\r\t\u001b\u007f'
    expect(await named(`exe${marks}${breaks}fdp.txt`)).toBe('exefdp.txt')
    expect(await refusal(named('a\u0000.txt'))).toBe('INVALID_INPUT')
  })

  test('may have 255 characters; an invalid MIME type is INVALID_INPUT', async () => {
    const ada = await world.person('ada')
    const filename = '图'.repeat(255)
    expect((await createsUpload(ada, { ...note, filename })).media.filename).toBe(filename)
    expect(await refusal(createsUpload(ada, { ...note, mimeType: 'text/html\r\nX: y' }))).toBe(
      'INVALID_INPUT',
    )
    expect(
      (await createsUpload(ada, { ...note, mimeType: 'Text/Plain; charset=utf-8' })).media.mimeType,
    ).toBe('text/plain')
  })
})
