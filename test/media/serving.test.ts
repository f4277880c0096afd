import { describe, expect, test } from 'vitest'
import { graphql } from '../generated/gql.ts'
import type { Person } from '../world/person.ts'
import { useWorld } from '../world/world.ts'
import { png } from './samples.ts'
import { fetched, looksAt, uploads, uploadsReady } from './verbs.ts'

const world = useWorld()
const shortLived = useWorld({ LIMIT_MEDIA_LINK_SECONDS: '2' })

const alphabet = Buffer.from('abcdefghijklmnopqrstuvwxyz')

const Logout = graphql(`
  mutation MediaLogout {
    logout {
      endedSessionId
    }
  }
`)

/** Reads with a URL before it expires; a response that came later proves nothing, so it queries a new URL. */
async function readsInTime(person: Person, id: string) {
  for (;;) {
    const { url, urlExpiresAt } = (await looksAt(person, id)) ?? {}
    const { status } = await fetched(url)
    const expiresAt = Date.parse(urlExpiresAt ?? '')
    if (Date.now() < expiresAt) return { url, status, expiresAt }
  }
}

async function served() {
  const ada = await world.person('ada')
  const media = await uploads(ada, { bytes: alphabet, filename: 'a.txt', mimeType: 'text/plain' })
  const get = async (headers: Record<string, string> = {}) => {
    const { status, headers: answered, bytes } = await fetched(media.url, headers)
    return {
      status,
      text: bytes.toString(),
      range: answered.get('content-range'),
      etag: answered.get('etag') ?? '',
    }
  }
  return { ada, media, get }
}

describe('a range request', () => {
  test('of the beginning, the middle or the end is answered with that part', async () => {
    const { get } = await served()
    expect(await get({ range: 'bytes=0-2' })).toMatchObject({
      status: 206,
      text: 'abc',
      range: 'bytes 0-2/26',
    })
    expect(await get({ range: 'bytes=24-' })).toMatchObject({
      status: 206,
      text: 'yz',
      range: 'bytes 24-25/26',
    })
    expect(await get({ range: 'bytes=-3' })).toMatchObject({
      status: 206,
      text: 'xyz',
      range: 'bytes 23-25/26',
    })
    expect(await get({ range: 'bytes=20-999' })).toMatchObject({ status: 206, text: 'uvwxyz' })
  })

  test('beyond the end is refused with the size; up to the last byte it is not', async () => {
    const { get } = await served()
    expect(await get({ range: 'bytes=25-25' })).toMatchObject({ status: 206, text: 'z' })
    expect(await get({ range: 'bytes=26-' })).toMatchObject({ status: 416, range: 'bytes */26' })
    expect(await get({ range: 'bytes=-0' })).toMatchObject({ status: 416 })
  })

  test('with several or invalid ranges is answered with the whole file', async () => {
    const { get } = await served()
    for (const range of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
      expect(await get({ range })).toMatchObject({ status: 200, text: alphabet.toString() })
  })

  test('with If-Range is answered with a part only if the file is the same', async () => {
    const { get } = await served()
    const { etag } = await get()
    expect(await get({ range: 'bytes=1-1', 'if-range': etag })).toMatchObject({ status: 206, text: 'b' })
    expect(await get({ range: 'bytes=1-1', 'if-range': '"other"' })).toMatchObject({ status: 200 })
    expect(await get({ 'if-none-match': etag })).toMatchObject({ status: 304, text: '' })
  })

  test('HEAD answers with the size and no body', async () => {
    const { media } = await served()
    const answer = await fetch(media.url ?? '', { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '26',
      '',
    ])
    expect(answer.headers.get('accept-ranges')).toBe('bytes')
    expect((await fetch(media.url ?? '', { method: 'DELETE' })).status).toBe(405)
  })
})

describe('a signed URL', () => {
  test('is valid for one rendition of one media item and one viewer, and cannot be forged', async () => {
    const { ada, media } = await served()
    const image = await uploadsReady(ada, { bytes: await png(), filename: 'a.png', mimeType: 'image/png' })
    const changed = (change: (url: URL) => void) => {
      const url = new URL(media.url ?? '')
      change(url)
      return url.href
    }
    const bob = await world.person('bob')
    for (const url of [
      changed((url) => url.searchParams.set('viewer', bob.id)),
      changed((url) => url.searchParams.set('expires', '9999999999')),
      changed((url) => url.searchParams.set('signature', 'x')),
      changed((url) => url.searchParams.delete('signature')),
      changed((url) => (url.pathname = url.pathname.replace('original', 'thumbnail'))),
      changed((url) => (url.pathname = new URL(image.url ?? '').pathname)),
    ])
      expect((await fetched(url)).status).toBe(403)
  })

  test('is the same when it is queried again, so that browser caches work', async () => {
    const { ada, media } = await served()
    const look = async () => (await looksAt(ada, media.id))?.url
    // Polled: the URL may change between the two queries.
    await expect.poll(async () => new Set([await look(), await look()]).size).toBe(1)
    const ttl = Date.parse(media.urlExpiresAt ?? '') - Date.now()
    expect(ttl).toBeGreaterThan(0)
    expect(ttl).toBeLessThanOrEqual(600_000)
  })

  test('expires', async () => {
    const ada = await shortLived.person('ada')
    const { id } = await uploads(ada, { bytes: alphabet })
    const { url, status, expiresAt } = await readsInTime(ada, id)
    expect(status).toBe(200)
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(2_000)
    await expect.poll(() => Date.now()).toBeGreaterThanOrEqual(expiresAt)
    expect((await fetched(url)).status).toBe(403)
    expect((await readsInTime(ada, id)).status).toBe(200)
  })

  test('ends with the session that it was signed for', async () => {
    const { ada, media, get } = await served()
    expect((await get()).status).toBe(200)
    await ada.do(Logout, {})
    expect((await fetched(media.url)).status).toBe(401)
  })
})
