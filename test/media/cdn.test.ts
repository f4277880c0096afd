import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { updatesProfile } from '../account/verbs.ts'
import { ask } from '../server/wire.ts'
import { useWorld } from '../world/world.ts'
import { png } from './samples.ts'
import { fetched, looksAt, uploadsReady } from './verbs.ts'

/** A CDN that keeps what the server lets it keep, and counts what it asks the server for. */
function openCdn(origin: () => string) {
  const copies = new Map<string, { status: number; headers: Record<string, string>; body: Buffer }>()
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => void serve(url, response))
  const serve = async (url: string, response: ServerResponse) => {
    const copy = copies.get(url) ?? (await fetchFrom(url))
    if (/^public, max-age=[1-9]/.test(copy.headers['cache-control'] ?? '')) copies.set(url, copy)
    response.writeHead(copy.status, copy.headers).end(copy.body)
  }
  const fetchFrom = async (url: string) => {
    asked.push(url)
    const answer = await fetch(`${origin()}${url}`)
    const names = ['content-type', 'cache-control']
    const headers = Object.fromEntries(names.map((name) => [name, answer.headers.get(name) ?? '']))
    return { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) }
  }
  return { server, asked, empty: () => copies.clear() }
}

const cdn = openCdn(() => world.url)
cdn.server.listen(0, '127.0.0.1')
await once(cdn.server, 'listening')
afterAll(() => void cdn.server.close())
const cdnUrl = `http://127.0.0.1:${(cdn.server.address() as AddressInfo).port}`
const lifeSeconds = 60
const world = useWorld({ MEDIA_CDN_URL: cdnUrl, LIMIT_CDN_LINK_SECONDS: String(lifeSeconds) })

const maxAgeOf = (headers: Headers) =>
  Number(/^public, max-age=(\d+)$/.exec(headers.get('cache-control') ?? '')?.[1])

test('a thumbnail has one URL at the CDN for all viewers, and expires there within LIMIT_CDN_LINK_SECONDS', async () => {
  const [ada, bob] = await world.friends('ada', 'bob')
  const { id } = await ada.opens(bob)
  const image = await uploadsReady(ada, { bytes: await png(), mimeType: 'image/png' })
  const sent = await ada.sendsContent(id, { image: { mediaId: image.id } })

  const [hers, his] = [await looksAt(ada, image.id), await looksAt(bob, image.id)]
  const url = his?.thumbnailUrl ?? ''
  expect(url.startsWith(`${cdnUrl}/media/shared/`)).toBe(true)
  expect(his?.url?.startsWith(world.url)).toBe(true)
  const seen = await fetched(url)
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/webp'])
  expect((await fetched(hers?.thumbnailUrl)).bytes).toEqual(seen.bytes)
  // The two may have looked in different halves of a lifetime.
  expect(cdn.asked).toHaveLength(new Set([url, hers?.thumbnailUrl]).size)
  expect(maxAgeOf(seen.headers)).toBeLessThanOrEqual(lifeSeconds)
  const expiresAt = Date.parse(his?.urlExpiresAt ?? '')
  expect(expiresAt).toBe(Number(new URL(url).searchParams.get('expires')) * 1000)
  expect(expiresAt - Date.now()).toBeLessThanOrEqual(lifeSeconds * 1000)

  await ada.recalls(sent)
  cdn.empty()
  expect((await fetched(url)).status).toBe(404)
})

test('a URL of the CDN is good for no other item, time or rendition', async () => {
  const ada = await world.person('ada')
  const images = []
  for (let count = 0; count < 2; count += 1)
    images.push(await uploadsReady(ada, { bytes: await png(), mimeType: 'image/png' }))
  const [first, second] = images
  const url = first?.thumbnailUrl ?? ''
  expect((await fetched(url)).status).toBe(200)
  const expires = new URL(url).searchParams.get('expires') ?? ''
  const forged = [
    url.replace(first?.id ?? '', second?.id ?? ''),
    url.replace(expires, String(Number(expires) + 1)),
    url.replace(/signature=[^&]+/, 'signature='),
    url.replace('/media/shared/', '/media/').replace('?', '/original?'),
    url.replace('/media/shared/', '/media/').replace('?', '/thumbnail?'),
  ]
  for (const address of forged) expect((await fetched(address)).status, address).toBe(403)
  const file = await uploadsReady(ada, {
    bytes: Buffer.from('A note'),
    filename: 'a.txt',
    mimeType: 'text/plain',
  })
  expect(file.thumbnailUrl).toBeNull()
  expect(file.url?.startsWith(world.url)).toBe(true)
})

test('an avatar is read at the CDN, under a new URL after each change', async () => {
  const ada = await world.person('ada')
  const image = await uploadsReady(ada, { bytes: await png(), mimeType: 'image/png' })
  await updatesProfile(ada, { avatarMediaId: image.id })
  const { body } = await ask(world.url, '{ me { user { avatarUrl } } }', ada.credentials.accessToken)
  const { avatarUrl } = (body.data as { me: { user: { avatarUrl: string } } }).me.user
  expect(avatarUrl.startsWith(`${cdnUrl}/media/avatars/`)).toBe(true)
  const seen = await fetched(avatarUrl)
  expect([seen.status, maxAgeOf(seen.headers)]).toEqual([200, 86_400])
  await updatesProfile(ada, { avatarMediaId: null })
  cdn.empty()
  expect((await fetched(avatarUrl)).status).toBe(404)
})
