import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sourceFolders } from './docs/documents.ts'

// A folder imports only those before it; see docs/architecture.md.
const order = [
  'platform',
  'account',
  'auth',
  'media',
  'conversation',
  'contact',
  'group',
  'message',
  'inbox',
  'search',
  'notification',
  'webhook',
  'presence',
  'moderation',
  'server-info',
  'node',
  'schema.ts',
  'server',
  'message-kinds.ts',
  'core.ts',
  'services.ts',
  'app.ts',
  'commands',
  'main.ts',
]

// So does a sub-folder; files directly in the slice's folder may import and be imported by all of them.
const subfolders: Record<string, string[]> = {
  platform: [
    'time',
    'tracing',
    'redis',
    'bus',
    'files',
    'http-client',
    'language',
    'postgres',
    'thread',
    'db',
    'leases',
    'rate-limit',
    'graphql',
    'jobs',
  ],
  auth: ['session', 'password', 'provider', 'account'],
  media: ['storage', 'processing', 'upload'],
  conversation: ['append', 'membership', 'receipt', 'outbox', 'view'],
  contact: ['direct', 'friend', 'request', 'block'],
  group: ['announcement', 'membership', 'entry'],
  message: ['content', 'history', 'send', 'edit', 'forward', 'pin', 'reaction'],
  inbox: ['event', 'fan-out', 'acknowledge', 'stream', 'hub'],
  search: ['text', 'engine', 'meilisearch', 'postgres', 'processing', 'indexing'],
  notification: [
    'text',
    'provider',
    'device',
    'withdraw',
    'enqueue',
    'deliver',
    'digest',
    'settings',
    'verification',
    'recovery',
  ],
  presence: ['typing'],
  moderation: ['suspension', 'report', 'people', 'conversation', 'moderators', 'maintenance', 'upkeep'],
  commands: ['cli', 'access', 'transfer', 'doctor', 'admin'],
  server: ['gate', 'execution', 'ops', 'request', 'explorer', 'web', 'http', 'websocket', 'events'],
}

/** Files that every folder may import. */
const everywhere = [
  'errors.ts',
  'config.ts',
  'config',
  'context.ts',
  'hooks.ts',
  'slice.ts',
  'transaction.ts',
]

const root = join(import.meta.dirname, '../src')

interface Import {
  from: string
  to: string
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) =>
        entry.isFile() && entry.name.endsWith('.ts') && !/generated|\/dist(\/|$)/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^(import|export)\s[^'"]*?['"](\.[^'"]+)['"]/gms)].map((match) => ({
    from: relative(root, file),
    to: relative(root, join(file, '..', match[2] as string)),
  }))
}

const part = (path: string) => path.split('/')[0] as string
const place = (path: string) => order.indexOf(part(path))

/** The sub-folder of its slice that a file is in. */
function subfolderOf(path: string): string | undefined {
  const [, subfolder, file] = path.split('/')
  return file ? subfolder : undefined
}

const files = sourceFiles(root)
const imports = files.flatMap(importsOf).filter(({ to }) => !to.startsWith('..'))

describe('boundaries', () => {
  test('every folder has a place in the order', () => {
    const unknown = files.map((file) => part(relative(root, file))).filter((name) => !order.includes(name))
    expect(new Set(unknown)).toEqual(new Set(everywhere))
  })

  test('a folder imports only folders before it', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        !everywhere.includes(part(from)) && !everywhere.includes(part(to)) && place(to) > place(from),
    )
    expect(wrong).toEqual([])
  })

  test('a sub-folder imports only those before it in its slice', () => {
    const unlisted = files
      .map((file) => relative(root, file))
      .filter((file) => subfolderOf(file) && !subfolders[part(file)]?.includes(subfolderOf(file) as string))
    expect(unlisted).toEqual([])
    const position = (path: string) => subfolders[part(path)]?.indexOf(subfolderOf(path) ?? '') ?? -1
    const wrong = imports.filter(
      ({ from, to }) =>
        part(from) === part(to) && subfolderOf(to) && subfolderOf(from) && position(to) > position(from),
    )
    expect(wrong).toEqual([])
  })

  test('files that every folder may import do not import slices', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        everywhere.includes(part(from)) && !everywhere.includes(part(to)) && part(to) !== 'platform',
    )
    expect(wrong).toEqual([])
  })

  test('only schema.ts imports schemas of other slices', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from !== 'schema.ts' && /schema\.ts$/.test(to) && part(from) !== part(to) && part(to) !== 'schema.ts',
    )
    expect(wrong).toEqual([])
  })

  test('the platform names nothing of chat', () => {
    const chat = /conversation|membership|friend|inbox|recall/i
    const wrong = files
      .filter((file) => part(relative(root, file)) === 'platform' && chat.test(readFileSync(file, 'utf8')))
      .map((file) => relative(root, file))
    expect(wrong).toEqual([])
  })

  test('process.env is read in main.ts only', () => {
    const wrong = files.filter((file) => /process\.env\b/.test(readFileSync(file, 'utf8')))
    expect(wrong.map((file) => relative(root, file))).toEqual(['main.ts'])
  })
})

/** The code of a folder, whatever its language. */
function codeIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(({ name, parentPath }) => /\.(ts|tsx|mjs|js|vue)$/.test(name) && !ignored.test(`${parentPath}/`))
    .map(({ name, parentPath }) => join(parentPath, name))
}

const ignored = /\/(generated|dist|node_modules)\//

/** Members of an interface that a file declares. */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const start = text.search(new RegExp(`interface ${name}\\b`))
  if (start < 0) return []
  const members: string[] = []
  let depth = 0
  for (const line of text.slice(start).split('\n')) {
    if (depth === 1) members.push(...(line.match(/^\s*(\w+)\??[:(]/)?.slice(1) ?? []))
    depth += line.split('{').length - line.split('}').length
    if (depth === 0) break
  }
  return members
}

describe('context', () => {
  const slices = files.map((file) => relative(root, file)).filter((file) => basename(file) === 'slice.ts')
  const own = (name: string) => ['context.ts', 'hooks.ts'].flatMap((file) => membersOf(file, name))

  test('the core, the request and the slices have at most 12 members each', () => {
    expect(own('Core')).toHaveLength(12)
    for (const members of [
      own('Core'),
      own('Context'),
      slices.flatMap((file) => membersOf(file, 'Services')),
    ]) {
      expect(members.length).toBeGreaterThan(5)
      expect(members.length).toBeLessThanOrEqual(12)
    }
  })

  test('a slice has at most one member, declared by the slice itself', () => {
    for (const file of slices) expect(membersOf(file, 'Services').length).toBeLessThanOrEqual(1)
    const declaring = files
      .map((file) => relative(root, file))
      .filter((file) => membersOf(file, 'Services').length > 0)
    expect(declaring.filter((file) => !slices.includes(file))).toEqual([])
  })
})

// Packages are for other programs: they know neither the server nor Node.
describe('packages', () => {
  const folder = join(root, '../packages')
  const layers: Record<string, string[]> = {
    client: [
      'errors.ts',
      'signal.ts',
      'generated',
      'transport',
      'session',
      'store',
      'cache',
      'sync',
      'outbox',
      'engine',
      'tabs',
      'view',
      'groups',
      'account',
      'messages',
      'moderation',
    ],
  }
  const inside = (name: string) => join(folder, name, 'src')

  test('a package imports nothing but its own files and its peer dependencies', () => {
    const foreign = sourceFiles(folder).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bfrom '([^']+)'/g)]
        .map(([, path]) => path as string)
        .filter((path) => file.includes('/src/') && (path.startsWith('.') ? escapes : isForeign)(file, path))
        .map((path) => `${relative(folder, file)}: ${path}`),
    )
    expect(foreign).toEqual([])
  })

  const isForeign = (file: string, path: string) => {
    const manifest = readFileSync(join(folder, part(relative(folder, file)), 'package.json'), 'utf8')
    const { peerDependencies = {}, bin } = JSON.parse(manifest) as { peerDependencies?: object; bin?: object }
    // A program runs in Node, a library anywhere.
    if (bin && path.startsWith('node:')) return false
    return !Object.keys(peerDependencies).some((name) => path === name || path.startsWith(`${name}/`))
  }

  test('a layer imports only layers before it', () => {
    const wrong = Object.entries(layers).flatMap(([name, order]) => {
      const rank = (path: string) => order.indexOf(part(relative(inside(name), path)))
      return sourceFiles(inside(name)).flatMap((file) =>
        importsOf(file)
          .map(({ to }) => join(root, to))
          .filter((to) => rank(file) >= 0 && (rank(to) > rank(file) || rank(to) < 0))
          .map((to) => `${relative(folder, file)}: ${relative(folder, to)}`),
      )
    })
    expect(wrong).toEqual([])
  })

  const escapes = (file: string, path: string) =>
    !relative(folder, join(file, '..', path)).startsWith(relative(folder, file).split('/src/')[0] as string)
})

describe('folders', () => {
  const here = join(root, '..')
  const files = sourceFolders.flatMap((top) => codeIn(join(here, top)))
  const folders = namesByFolder(files)
  // Vue's style guide wants names of two words for components.
  const withFreeNames = namesByFolder(files.filter((file) => !file.endsWith('.vue')))

  function namesByFolder(paths: string[]): Map<string, string[]> {
    const byFolder = new Map<string, string[]>()
    for (const path of paths) {
      const folder = relative(here, dirname(path))
      const name = basename(path).replace(/(\.test|\.d)?\.\w+$/, '')
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), name])
    }
    return byFolder
  }

  test('every folder with code is looked at', () => {
    const missing = ['src', 'packages', 'test', 'bench', 'contract', 'scripts', 'deploy', '.ci'].filter(
      (top) => ![...folders.keys()].some((folder) => part(folder) === top),
    )
    expect(missing).toEqual([])
  })

  test('a folder holds at most 15 files', () => {
    const full = [...folders].filter(([, names]) => names.length > 15).map(([folder]) => folder)
    expect(full).toEqual([])
  })

  test('three files with a common prefix are a folder', () => {
    const prefixes = [...withFreeNames].flatMap(([folder, names]) => {
      const first = names.filter((name) => name.includes('-')).map((name) => name.split('-')[0] as string)
      const repeated = first.filter((prefix) => first.filter((other) => other === prefix).length > 2)
      return [...new Set(repeated)].map((prefix) => `${folder}/${prefix}-`)
    })
    expect(prefixes).toEqual([])
  })

  test('a file name does not repeat the name of its folder', () => {
    const repeating = [...withFreeNames].flatMap(([folder, names]) => {
      const words = basename(folder).split('-')
      return names
        .filter((name) => name !== basename(folder) && words.every((word) => name.split('-').includes(word)))
        .map((name) => `${folder}/${name}`)
    })
    expect(repeating).toEqual([])
  })
})

// A test lies in the folder of the code that it is about, or in one for its kind.
describe('tests', () => {
  const tests = join(root, '../test')

  /** Kinds of tests that belong to no slice. */
  const kinds = [
    ...['attack', 'browser', 'clients', 'codegen', 'deployment', 'docs', 'faults'],
    ...['processes', 'races', 'setup', 'start', 'world'],
    // Of other folders than src.
    ...sourceFolders.filter((folder) => folder !== 'src'),
  ]
  /** What tests of a slice need: data, and programs that stand for others. */
  const supplies = [
    'inbox/sharding',
    'notification/servers',
    'platform/graphql/errors/scenes',
    'search/golden',
    'search/golden/messages',
    'search/golden/queries',
  ]

  test('each folder of test is a folder of src, or one that is listed', () => {
    const inSource = new Set(files.map((file) => dirname(relative(root, file))))
    const isFolder = (path: string) => [...inSource].some((one) => one === path || one.startsWith(`${path}/`))
    const wrong = codeIn(tests)
      .map((file) => dirname(relative(tests, file)))
      .filter((folder) => folder !== '.' && !kinds.includes(part(folder)) && !supplies.includes(folder))
      .filter((folder) => !isFolder(folder))
    expect([...new Set(wrong)]).toEqual([])
  })
})
