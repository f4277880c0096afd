import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { buildASTSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, parse } from 'graphql'
import { expect, test } from 'vitest'
import { secretSettings, settings } from '../../src/config.ts'
import { documents, filesIn, read, root } from './documents.ts'

const files = [
  ...['src', 'packages', 'test', 'scripts', 'bench', 'prisma', 'deploy', '.ci'].flatMap((folder) =>
    filesIn(folder),
  ),
  ...filesIn('.', { recursive: false }),
].filter((path) => !path.endsWith('.md') && !path.startsWith('test/docs/'))
const words = new Set(files.flatMap((path) => read(path).match(/[\p{L}\p{N}_]+/gu) ?? []))
for (const name of Object.keys(settings.shape)) words.add(name)
for (const name of secretSettings) words.add(`${name}_FILE`)

/** Names of other programs and of standards that no code of ours spells. */
const foreign = new Set([
  ...[
    'SKIP',
    'LOCKED',
    'LISTEN',
    'TRUNCATE',
    'pg_dump',
    'plan_cache_mode',
    'force_custom_plan',
    'set_config',
  ],
  ...['SPUBLISH', 'SSUBSCRIBE', 'UNSUBSCRIBE'],
  ...['OTEL_EXPORTER_OTLP_HEADERS'],
  ...['PushSubscription', 'getNotifications'],
  ...['persistedDocuments', 'persistConfig'],
])

const found = (names: (text: string) => string[], isKnown: (name: string, path: string) => boolean) =>
  documents.flatMap(({ path, spans, blocks }) =>
    [...spans, ...blocks.filter(({ language }) => language === 'sh').map(({ code }) => code)]
      .flatMap(names)
      .filter((name) => !isKnown(name, path))
      .map((name) => `${path}: ${name}`),
  )

test('every npm script that the documentation names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const unknown = found(
    (text) => [...text.matchAll(/npm (?:run )?([a-z][a-z:-]*)/g)].map(([, name]) => name as string),
    (name) => name in scripts || ['ci', 'install', 'audit', 'create'].includes(name),
  )
  expect(unknown).toEqual([])
})

test('every path that the documentation names exists', () => {
  const top = new Set([...readdirSync(root), ...readdirSync(join(root, 'src'))])
  const known = new Set(files.map((path) => basename(path)))
  const unknown = found(
    (text) => text.match(/^(?!https?:)\.?[\w.-]+(\/[\w.-]+)*\/?$/g) ?? [],
    (path, document) => {
      if (['', 'src', dirname(document)].some((folder) => existsSync(join(root, folder, path)))) return true
      if (!path.includes('/')) return !/\.(ts|mjs|md|prisma|graphql|yml)$/.test(path) || known.has(path)
      return !top.has(path.split('/')[0] as string) && !/\.(ts|md)$/.test(path)
    },
  )
  expect(unknown).toEqual([])
})

test('every variable that the documentation names is a setting', () => {
  const unknown = found(
    (text) => text.match(/\bLIMIT_(?!EXCEEDED)\w+/g) ?? [],
    (name) => name in settings.shape,
  )
  expect(unknown).toEqual([])
})

test('every identifier that the documentation names occurs in code, schema or configuration', () => {
  const unknown = found(
    (text) => text.match(/\b([a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+_\w+|[A-Z]{3,})\b/g) ?? [],
    (name) => words.has(name.replace(/^parlance_/, '')) || foreign.has(name),
  )
  expect(unknown).toEqual([])
})

test('docs/words.md maps the words of other systems to fields, values, types and settings that exist', () => {
  const schema = buildASTSchema(parse(read('schema.graphql')))
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const members = (type: unknown): string[] => {
    if (isEnumType(type)) return type.getValues().map(({ name }) => name)
    return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
      ? Object.keys(type.getFields())
      : []
  }
  const known = new Set([
    ...roots.flatMap(members),
    ...Object.values(schema.getTypeMap()).flatMap((type) => [
      type.name,
      ...members(type).map((name) => `${type.name}.${name}`),
    ]),
    ...Object.keys(settings.shape),
  ])
  const column = [...read('docs/words.md').matchAll(/^\|[^|]+\|([^|]+)\|/gm)].map(
    ([, cell]) => cell as string,
  )
  const names = column.flatMap((cell) => cell.match(/(?<=`)[\w.]+(?=`)|\b[A-Z]+_[A-Z_]+\b/g) ?? [])
  expect(names.length).toBeGreaterThan(25)
  expect(names.filter((name) => !known.has(name))).toEqual([])
})

test('every metric of the server is in docs/operations.md', () => {
  const metrics = files
    .filter((path) => path.startsWith('src/'))
    .flatMap((path) => [...read(path).matchAll(/\b(?:counter|gauge|histogram)\(\s*'(\w+)'/g)])
    .map(([, name]) => `parlance_${name}`)
  expect(metrics.length).toBeGreaterThan(10)
  const operations = read('docs/operations.md')
  expect(metrics.filter((name) => !operations.includes(name))).toEqual([])
})

test('every limit that the schema and the documentation name is in serverInfo.limits', () => {
  const limits = read('schema.graphql').match(/^type Limits \{[\s\S]*?^\}/m)?.[0] ?? ''
  const named = [read('schema.graphql'), ...documents.map(({ prose }) => prose)].flatMap((text) => [
    ...text.matchAll(/serverInfo\.limits\.(\w+)/g),
  ])
  expect(named.map(([, name]) => name).filter((name) => !limits.includes(` ${name}: Int!`))).toEqual([])
})

test('docs/architecture.md states the order of imports that test/architecture.test.ts holds', () => {
  const listed = (name: string) =>
    [
      ...(
        read('test/architecture.test.ts').match(new RegExp(`const ${name} = \\[([^\\]]*)\\]`))?.[1] ?? ''
      ).matchAll(/'(.+?)'/g),
    ].map(([, entry]) => entry as string)
  const text = read('docs/architecture.md').replace(/\s+/g, ' ')
  expect(text).toContain(`in this order: ${listed('order').join(', ')}.`)
  const everywhere = listed('everywhere').map((entry) => `\`${entry}\``)
  expect(text).toContain(
    `${everywhere.slice(0, -1).join(', ')} and ${everywhere.at(-1)} may be imported everywhere`,
  )
})
