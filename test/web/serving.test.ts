import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildWeb } from '../../scripts/web/build.mjs'
import { fetchPath } from '../server/wire.ts'
import { useWorld } from '../world/world.ts'

const world = useWorld({ GRAPHIQL: 'on', PUBLIC_URL: 'https://chat.example' })
const without = useWorld({ WEB_APP: 'off' })

beforeAll(() => {
  buildWeb()
}, 120_000)

const source = join(import.meta.dirname, '../../web/src')
const page = () => fetchPath(world.url, '/')
const assetOf = (text: string) => text.match(/\/assets\/[\w-]+\.js/)?.[0] ?? ''

test('each page of the app is the document, with a policy that allows no inline script', async () => {
  const { text, headers } = await page()
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-cache')
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("script-src 'self';")
  expect(policy).toMatch(/img-src [^;]*https:\/\/chat\.example/)
  expect(policy).not.toContain('unsafe')
  expect(text).not.toMatch(/<script(?![^>]*src=)[^>]*>|style=|\son\w+=/)
  for (const path of ['/c/abc', '/people', '/new-group', '/settings', '/moderation', '/join/abc'])
    expect((await fetchPath(world.url, path)).text).toBe(text)
})

test('the pages of the router are those that the server answers', async () => {
  const router = await readFile(join(import.meta.dirname, '../../web/src/router.ts'), 'utf8')
  const first = [...router.matchAll(/first === '([\w-]+)'( && second)?/g)]
  expect(first.length).toBeGreaterThan(4)
  for (const [, name, second] of first)
    expect((await fetchPath(world.url, second ? `/${name}/x` : `/${name}`)).status).toBe(200)
})

test('other paths are not the app, and GraphiQL stays at /graphql', async () => {
  for (const path of [
    '/nothing',
    '/c',
    '/c/abc/more',
    '/assets/nothing.js',
    '/.sources',
    '/..%2fpackage.json',
  ])
    expect((await fetchPath(world.url, path)).status).toBe(404)
  const explorer = await fetchPath(world.url, '/graphql', { headers: { accept: 'text/html' } })
  expect(explorer.text).toContain('GraphiQL')
})

test('files with a hash in their name are kept for ever, and all others are checked each time', async () => {
  const { text, headers } = await page()
  const script = await fetchPath(world.url, assetOf(text), { headers: { 'accept-encoding': 'br' } })
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script.headers.get('content-encoding')).toBe('br')
  const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } }
  expect((await fetchPath(world.url, '/', known)).status).toBe(304)
  expect((await fetchPath(world.url, '/icon.svg')).headers.get('cache-control')).toBe('no-cache')
  expect((await fetchPath(world.url, '/', { method: 'HEAD' })).text).toBe('')
  expect((await fetchPath(world.url, '/', { method: 'POST' })).status).toBe(405)
})

test('the first load takes at most 120 KB with gzip', async () => {
  const { text } = await page()
  const paths = ['/', ...[...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path as string)]
  expect(paths.length).toBeGreaterThan(3)
  let size = 0
  for (const path of paths) {
    const { headers } = await fetchPath(world.url, path, { headers: { 'accept-encoding': 'gzip' } })
    size += Number(headers.get('content-length'))
  }
  expect(size).toBeLessThanOrEqual(120 * 1_024)
})

test('the app shows each of its words, in English and in Chinese', async () => {
  const all = await readdir(source, { recursive: true })
  const texts = (paths: string[]) =>
    Promise.all(paths.map(async (path) => (await readFile(join(source, path), 'utf8')).toString()))
  const isDictionary = (path: string) => /^words\/(en|zh)\//.test(path)
  const code = (await texts(all.filter((path) => /\.(vue|ts)$/.test(path) && !isDictionary(path)))).join()
  const shown = new Set([...code.matchAll(/words(?:\.value)?\.(\w+)/g)].map(([, name]) => name))
  for (const language of ['en', 'zh']) {
    const dictionary = (await texts(all.filter((path) => path.startsWith(`words/${language}/`)))).join()
    const names = [...dictionary.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name as string)
    expect(names.length).toBeGreaterThan(200)
    expect(names.filter((name) => !shown.has(name))).toEqual([])
  }
})

test('WEB_APP=off serves nothing at /', async () => {
  expect((await fetchPath(without.url, '/')).status).toBe(404)
  expect((await fetchPath(without.url, assetOf((await page()).text))).status).toBe(404)
})
