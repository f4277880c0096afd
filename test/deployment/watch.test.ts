import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

interface Service {
  image?: string
  profiles?: string[]
  command?: string[]
  volumes?: string[]
  ports?: string[]
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }> | string[]
  environment?: Record<string, string>
}

interface DataSource {
  uid: string
  type: string
  url: string
  jsonData?: Record<string, unknown>
}

const composition = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, null>
}
const { services } = composition
const watching = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('watch'))
const provisioned = 'deploy/grafana/provisioning/datasources/datasources.yml'
const { datasources } = parse(read(provisioned)) as { datasources: DataSource[] }
const dashboards = readdirSync(join(root, 'deploy/grafana/dashboards')).map((name) =>
  JSON.parse(read(`deploy/grafana/dashboards/${name}`)),
)

/** Where each service of the profile listens, as its configuration says. */
const loki = parse(read('deploy/loki/loki.yml'))
const tempo = parse(read('deploy/tempo/tempo.yml'))
const listening = new Set([
  'prometheus:9090',
  `loki:${loki.server.http_listen_port}`,
  `tempo:${tempo.server.http_listen_port}`,
  `tempo:${tempo.distributor.receivers.otlp.protocols.http.endpoint.split(':')[1]}`,
])

/** Every value of a key, at any depth. */
function valuesOf(key: string, within: unknown): unknown[] {
  if (Array.isArray(within)) return within.flatMap((each) => valuesOf(key, each))
  if (typeof within !== 'object' || within === null) return []
  return Object.entries(within).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(key, value),
  ])
}

test('each service of the profile watch has an exact version, a health check and only files that exist', () => {
  expect(watching.map(([name]) => name).sort()).toEqual(['alloy', 'grafana', 'loki', 'prometheus', 'tempo'])
  for (const [
    name,
    { image, healthcheck, volumes = [], command = [], depends_on: dependencies },
  ] of watching) {
    expect(image, name).toMatch(/:v?\d+\.\d+\.\d+$/)
    expect(healthcheck?.test[0], name).toBe('CMD')
    for (const [source = '', target] of volumes.map((volume) => volume.split(':'))) {
      if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true)
      else if (!source.startsWith('/')) expect(composition.volumes).toHaveProperty(source)
      // A configuration file is the one that the program reads.
      if (/\.(yml|alloy)$/.test(target ?? '') && command.length > 0 && name !== 'prometheus')
        expect(command.join(' ')).toContain(target)
    }
    for (const [other, { condition }] of Object.entries(dependencies ?? {})) {
      expect(condition).toBe('service_healthy')
      expect(services[other]?.healthcheck, `${name} waits for ${other}`).toBeDefined()
    }
  }
})

test('data sources, Alloy and servers reach services at the ports on which these listen', () => {
  const alloy = read('deploy/alloy/config.alloy')
  const example = read('.env.example').match(/^# TRACES_ENDPOINT=(.+)$/m)?.[1] ?? ''
  const urls = [
    ...datasources.map(({ url }) => url),
    ...[...alloy.matchAll(/url = "([^"]+)"/g)].map(([, url]) => url ?? ''),
    example,
  ]
  expect(urls).toHaveLength(5)
  expect(urls.map((url) => new URL(url).host).filter((host) => !listening.has(host))).toEqual([])
  const checked = watching.flatMap(([name, { healthcheck }]) =>
    (healthcheck?.test ?? [])
      .flatMap((part) => part.match(/127\.0\.0\.1[:/](\d+)/)?.[1] ?? [])
      .map((port) => [name, port]),
  )
  expect(checked).toEqual([
    ['prometheus', '9090'],
    ['tempo', String(tempo.server.http_listen_port)],
    ['alloy', '12345'],
    ['grafana', '3000'],
  ])
  expect(services.alloy?.command).toContain('--server.http.listen-addr=127.0.0.1:12345')
})

test('dashboards and links name data sources that are provisioned, of their type', () => {
  const types = new Map(datasources.map(({ uid, type }) => [uid, type]))
  expect(types.size).toBe(datasources.length)
  // One dashboard lets its reader choose the data source.
  for (const { uid, type } of valuesOf('datasource', dashboards) as { uid: string; type: string }[])
    if (!uid.startsWith('$')) expect(types.get(uid), uid).toBe(type)
  const linked = valuesOf('datasourceUid', datasources)
  expect(new Set(linked)).toEqual(new Set(['loki', 'tempo', 'prometheus']))
  expect(linked.filter((uid) => !types.has(String(uid)))).toEqual([])

  const uids = dashboards.map(({ uid }) => uid)
  expect(new Set(uids).size).toBe(uids.length)
  const tags = dashboards.flatMap(({ tags }) => tags)
  for (const { links } of dashboards)
    for (const link of links) for (const tag of link.tags) expect(tags).toContain(tag)
})

test('links find the ids in the lines that servers write, and queries the labels that Alloy sets', () => {
  const fields = datasources.find(({ uid }) => uid === 'loki')?.jsonData?.derivedFields as {
    name: string
    matcherRegex: string
  }[]
  const line = JSON.stringify({ level: 'info', traceId: 'a'.repeat(32), requestId: 'b-1', msg: 'operation' })
  expect(fields.map(({ name, matcherRegex }) => [name, line.match(matcherRegex)?.[1]])).toEqual([
    ['Trace', 'a'.repeat(32)],
    ['Request', 'b-1'],
  ])
  const alloy = read('deploy/alloy/config.alloy')
  const labels = [
    ...[...alloy.matchAll(/target_label\s*=\s*"(\w+)"/g)].map(([, label]) => label),
    ...[...alloy.matchAll(/values = \{ (\w+) = "" \}/g)].map(([, label]) => label),
  ]
  const queries = [read(provisioned), JSON.stringify(dashboards)].join().match(/\{service=[^}]*\}/g) ?? []
  expect(queries.length).toBeGreaterThan(3)
  for (const query of queries)
    for (const [, label] of query.matchAll(/(\w+)=~?\\?"/g)) expect(labels).toContain(label)
  const shipped = alloy.match(/selector = "\{service=~\\"([^\\]+)\\"\}"/)?.[1] ?? 'none'
  const servers = Object.keys(services).filter((name) => name.startsWith('server-'))
  expect(servers.filter((name) => !new RegExp(`^${shipped}$`).test(name))).toEqual([])
})
