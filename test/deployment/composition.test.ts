import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settings } from '../../src/config.ts'

const root = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const compose = read('docker-compose.yml')

test('docker-compose.yml contains no secret, and .env.example names each required one', () => {
  const asked = [...compose.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1])
  const example = [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)]
  const empty = example.filter(([, , value]) => value === '').map(([, name]) => name)
  expect(new Set(empty.filter((name) => name !== 'ALLOWED_ORIGINS'))).toEqual(new Set(asked))
  expect(compose.match(/^.*(?:PASSWORD|SECRET|_KEY): (?!\$\{).*$/gm)).toBeNull()
  expect(read('.gitignore').split('\n')).toContain('.env')
})

test('docker-compose.yml sets only variables that exist', () => {
  const environment = compose.match(/&server[\s\S]*?environment:\n((?: {4}\w+: .*\n)+)/)?.[1] ?? ''
  const names = [...environment.matchAll(/^ {4}(\w+):/gm)].map((match) => match[1] ?? '')
  expect(names).toContain('REDIS_URL')
  expect(names.filter((name) => !(name in settings.shape))).toEqual([])
})

test('the image copies only existing files, and .dockerignore excludes all others', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
    (match[1] ?? '').split(' '),
  )
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(read('.dockerignore').split('\n')).toContain('*')
  expect(read('Dockerfile')).toMatch(/^USER node$/m)
})

test('nginx resolves its servers repeatedly and passes uploads without limit or buffering', () => {
  const nginx = read('deploy/nginx.conf')
  expect(nginx).toMatch(/^ *resolver 127\.0\.0\.11 /m)
  expect(nginx).toMatch(/^ *zone parlance /m)
  const servers = [...nginx.matchAll(/^ *server (server-\d):4000 (\w+)/gm)]
  expect(servers.map(([, name, option]) => [name, option])).toEqual([
    ['server-1', 'resolve'],
    ['server-2', 'resolve'],
  ])
  const uploads = nginx.match(/location \/uploads\/ \{[^}]*\}/)?.[0] ?? ''
  expect(uploads).toContain('client_max_body_size 0;')
  expect(uploads).toContain('proxy_request_buffering off;')
  // `resolve` requires nginx 1.27.3.
  expect(Number(compose.match(/image: nginx:1\.(\d+)/)?.[1])).toBeGreaterThanOrEqual(28)
})

test('the data volume of the image is writable by its user', () => {
  const dockerfile = read('Dockerfile')
  expect(dockerfile).toMatch(/^ENV .*\bDATA_DIR=\/data\b/m)
  expect(dockerfile).toMatch(/^RUN mkdir \/data && chown node:node \/data$/m)
  expect(dockerfile.indexOf('chown node:node /data')).toBeLessThan(dockerfile.indexOf('VOLUME /data'))
  expect(dockerfile.indexOf('VOLUME /data')).toBeLessThan(dockerfile.indexOf('USER node'))
})

test('the image starts every command with one entry point, serves by default, and contains ffmpeg', () => {
  const stage =
    read('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? ''
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> }
  const entry = JSON.parse(stage.match(/^ENTRYPOINT (.+)$/m)?.[1] ?? '[]') as string[]
  expect([entry[0], entry.at(-1)]).toEqual(['node', bin.parlance])
  expect(stage).toMatch(/^CMD \["serve"\]$/m)
  expect(stage).toMatch(
    /^RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg && apt-get clean && rm -rf /m,
  )
  expect(stage.indexOf('apt-get')).toBeLessThan(stage.indexOf('USER node'))
})
