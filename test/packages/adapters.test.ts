import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, stop } from 'esbuild'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildPackage, packages } from '../../scripts/build-packages.mjs'
import { findChromium } from '../setup/chromium.ts'
import { useWorld } from '../world/world.ts'
import { showsTheServerAfterCuts } from './in-chromium.ts'

const chromium = await findChromium()
const world = useWorld({ ALLOWED_ORIGINS: '*', LIMIT_INLINE_GROUP_SIZE: '2' })
const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
/** The oldest compiler that the packages support; the packages themselves are written for a later one. */
const ts = createRequire(import.meta.url)('typescript-5') as typeof import('typescript-6')

/** The largest size of each package with gzip, in bytes, without its peer dependencies. */
const limits = { react: 2_048, vue: 2_048, apollo: 4_096, urql: 4_096, codegen: 4_096 }
const names = Object.keys(limits) as (keyof typeof limits)[]
const libraries = ['client', ...names]

interface Packed {
  name: string
  filename: string
  files: { path: string }[]
}

/** An application that has installed the archives of `npm pack`; it finds the peers above itself. */
let application: string
let packed: Packed[]
const inModules = (name: string) => join(application, 'node_modules', name)
const installed = (name: string) => inModules(`@parlance/${name}`)

beforeAll(async () => {
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true })
  application = await mkdtemp(join(root, 'node_modules/.cache/parlance-packages-'))
  await writeFile(join(application, 'package.json'), '{ "type": "module" }')
  const sources = packages.map((path: string) => join(application, path))
  for (const path of packages) {
    await mkdir(join(application, path), { recursive: true })
    await buildPackage(path, join(application, path, 'dist'))
    for (const file of ['package.json', 'README.md'])
      await cp(join(root, path, file), join(application, path, file))
  }
  const { stdout } = await run('npm', ['pack', '--json', '--offline', ...sources], { cwd: application })
  packed = JSON.parse(stdout)
  for (const { name, filename } of packed) {
    await mkdir(inModules(name), { recursive: true })
    await run('tar', ['-xzf', filename, '-C', inModules(name), '--strip-components=1'], { cwd: application })
  }
})

afterAll(() => rm(application, { recursive: true }))

test.each(names)('@parlance/%s keeps its size, without eval', async (name) => {
  const { outputFiles } = await build({
    entryPoints: [join(installed(name), 'dist/index.js')],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', packages: 'external' },
  }).finally(() => void stop())
  const [{ text } = { text: '' }] = outputFiles
  expect(gzipSync(text).length).toBeLessThanOrEqual(limits[name])
  expect(text).not.toMatch(/\beval\(|new Function\(/)
})

test('the entries load in Node, and the examples of their README files compile in an application', async () => {
  const files = [await writeEntries()]
  for (const name of names) {
    const readme = await readFile(join(installed(name), 'README.md'), 'utf8')
    const [, language = '', example = ''] = readme.match(/```(tsx?)\n([\s\S]*?)```/) ?? []
    files.push(`${name}.${language}`)
    await writeFile(join(application, `${name}.${language}`), example)
  }
  await compiles(application, files, ['react'])
  const load = names.map((name) => `await import('@parlance/${name}')`).join(';')
  await run(process.execPath, ['--input-type=module', '-e', load], { cwd: application })
})

/** Re-exports every entry of every package. */
async function writeEntries(): Promise<string> {
  const entries: string[] = []
  for (const name of libraries) {
    const { exports } = JSON.parse(await readFile(join(installed(name), 'package.json'), 'utf8'))
    entries.push(...Object.keys(exports).map((path) => path.replace('.', `@parlance/${name}`)))
  }
  const lines = entries.map((entry, index) => `export * as entry${index} from '${entry}'`)
  await writeFile(join(application, 'entries.ts'), lines.join('\n'))
  return 'entries.ts'
}

test('the types of every entry compile with TypeScript 5.4', async () => {
  const options = { module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], strict: true, types: [] }
  const { options: parsed } = ts.convertCompilerOptionsFromJson(options, application)
  const program = ts.createProgram([join(application, await writeEntries())], parsed)
  // Checking the declarations of others as well would take ten times as long.
  const own = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName))
  expect(own.length).toBeGreaterThan(50)
  const faults = own.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ])
  expect(faults.map(({ file, messageText }) => [file?.fileName, messageText])).toEqual([])
})

const isOurs = (path: string) => !/node_modules\/(?!\.cache\/|@parlance\/)/.test(path)

async function compiles(folder: string, files: string[], types: string[] = []): Promise<void> {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, jsx: 'react-jsx', module: 'nodenext', target: 'es2022' },
    ...{ lib: ['es2022', 'dom'], types },
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]).catch(
    // Declarations of others may have faults of their own.
    ({ stdout }: { stdout: string }) =>
      expect(stdout.split('\n').filter((line) => line && isOurs(line))).toEqual([]),
  )
}

test('the configuration of @parlance/codegen works when it is copied', async () => {
  // Code Generator reads no documents below node_modules.
  const folder = await mkdtemp(join(tmpdir(), 'parlance-codegen-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const name of ['src', 'node_modules']) await mkdir(join(folder, name))
  await symlink(installed(''), join(folder, 'node_modules/@parlance'))
  for (const name of ['@graphql-codegen', '@graphql-typed-document-node'])
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  await cp(join(application, 'codegen.ts'), join(folder, 'codegen.ts'))
  await cp(join(root, 'schema.graphql'), join(folder, 'schema.graphql'))
  await writeFile(
    join(folder, 'src/app.ts'),
    `import { graphql } from './generated/gql.js'
import { type ErrorCode, type FieldErrors, graphcacheSchema, possibleTypes } from './generated/parlance.js'
import { parlanceGraphcache } from '@parlance/urql'

export const List = graphql(\`query List { conversations(first: 3) { nodes { id title } } }\`)
export const code: ErrorCode = 'RATE_LIMITED' satisfies FieldErrors['sendMessage']
export const options = [parlanceGraphcache(graphcacheSchema), possibleTypes.Conversation]
`,
  )
  await run(join(root, 'node_modules/.bin/graphql-codegen'), ['--config', 'codegen.ts'], {
    cwd: folder,
  }).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => expect(stdout + stderr).toBe(''))
  const facts = await readFile(join(folder, 'src/generated/parlance.ts'), 'utf8')
  const schema = facts.match(/graphcacheSchema = (.*) as const/)?.[1] ?? ''
  expect(
    JSON.parse(schema)
      .__schema.types.map(({ name }: { name: string }) => name)
      .sort(),
  ).toEqual(
    [
      ...['Any', 'Conversation', 'DirectConversation', 'GroupConversation', 'Mutation', 'Query'],
      ...['ConversationConnection', 'Subscription'],
    ].sort(),
  )
  await compiles(folder, ['src/app.ts'])
})

test('every package requires the others in the version of the server', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  for (const { name } of packed) {
    const manifest = JSON.parse(await readFile(join(inModules(name), 'package.json'), 'utf8'))
    const peers = Object.entries(manifest.peerDependencies ?? {}).filter(([peer]) =>
      peer.startsWith('@parlance/'),
    )
    for (const [peer, range] of [[name, manifest.version], ...peers])
      expect([name, peer, range]).toEqual([name, peer, version])
  }
})

test('npm packs the built files, the manifests and the README files of all packages alone', () => {
  expect(packed.map(({ name }) => name).sort()).toEqual(
    [...libraries.map((name) => `@parlance/${name}`), 'create-parlance'].sort(),
  )
  for (const { files } of packed) {
    const paths = files.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'README.md', 'dist/index.js']))
    expect(paths.filter((path) => !/^dist\/|^package\.json$|^README\.md$/.test(path))).toEqual([])
  }
})

test.each(libraries)(
  '@parlance/%s has declarations of its own alone, with the extensions of JavaScript',
  async (name) => {
    const folder = join(installed(name), 'dist')
    const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.d.ts'))
    const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')))
    expect(texts.join('\n')).not.toMatch(/(from '|import\(")(\.[^'"]+\.ts|(\.\.\/)+(client|codegen)\/)/)
  },
)

const createsApp = (...args: string[]) =>
  run(process.execPath, [join(inModules('create-parlance'), 'dist/main.js'), ...args], { cwd: application })

/** The folders of an application from the web app and from each example, by their names; those with a build are built. */
let making: Promise<Record<string, string>> | undefined
async function makeApplications(): Promise<Record<string, string>> {
  await createsApp('My Chat')
  const entries = await readdir(join(root, 'examples'), { withFileTypes: true })
  const examples = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  for (const name of examples) await createsApp(`app-${name}`, '--template', name)
  const made = Object.fromEntries(examples.map((name) => [name, join(application, `app-${name}`)]))
  const all = { web: join(application, 'My Chat'), ...made }
  await Promise.all(Object.values(all).map((cwd) => run('npm', ['run', '--if-present', 'build'], { cwd })))
  return all
}
const applications = () => {
  making ??= makeApplications()
  return making
}

test('npm create parlance makes applications that build against the packages', {
  timeout: 120_000,
}, async () => {
  const made = await applications()
  const { stdout: help } = await createsApp('--help')
  for (const name of Object.keys(made)) expect(help).toContain(name)
  const { web = '', 'node-bot': _, ...examples } = made
  expect(JSON.parse(await readFile(join(web, 'package.json'), 'utf8')).name).toBe('my-chat')
  for (const folder of [web, ...Object.values(examples)]) expect(await readdir(folder)).toContain('dist')
})

test.skipIf(!chromium)(
  'Apollo, Graphcache, Relay, React and Vue show in Chromium what the server has, after any number of cuts',
  { timeout: 120_000 },
  async () => {
    const { web: _, 'node-bot': __, 'mini-program': ___, ...made } = await applications()
    const built = Object.entries(made).map(([name, folder]) => [name, join(folder, 'dist')])
    expect(built.map(([name]) => name)).toEqual(['react', 'react-apollo', 'relay', 'vue', 'vue-urql'])
    await showsTheServerAfterCuts(world, chromium?.program ?? '', Object.fromEntries(built))
  },
)

test('npm create parlance copies archives of the packages that an application needs', async () => {
  const archives = await mkdtemp(join(application, 'archives-'))
  for (const { name, filename } of packed)
    await cp(join(application, filename), join(archives, `${basename(name)}.tgz`))
  await createsApp('archived', '--template', 'vue-urql', '--packages', archives)
  const own = join(application, 'archived')
  expect((await readdir(join(own, 'parlance'))).sort()).toEqual(['client.tgz', 'codegen.tgz', 'urql.tgz'])
  const { dependencies, devDependencies } = JSON.parse(await readFile(join(own, 'package.json'), 'utf8'))
  expect(dependencies).toMatchObject({
    '@parlance/client': 'file:parlance/client.tgz',
    vue: expect.stringMatching(/^\d/),
  })
  expect(devDependencies['@parlance/codegen']).toBe('file:parlance/codegen.tgz')
})

test('npm create parlance refuses a folder that is not empty and a template that does not exist', async () => {
  await writeFile(join(await mkdtemp(join(application, 'full-')), 'mine.txt'), 'mine')
  const [full = ''] = (await readdir(application)).filter((name) => name.startsWith('full-'))
  await expect(createsApp(full)).rejects.toThrow(`${full} is not empty`)
  expect(await readdir(join(application, full))).toEqual(['mine.txt'])
  await expect(createsApp('other', '--template', 'cobol')).rejects.toThrow('no template cobol')
  await expect(createsApp()).rejects.toThrow('one folder')
  expect(await readdir(application)).not.toContain('other')
})
