import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, stop } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage, packages } from '../../../scripts/build-packages.mjs'

const root = join(import.meta.dirname, '../../..')
const run = promisify(execFile)
const source = 'packages/client'
const manifest = async () => JSON.parse(await readFile(join(root, source, 'package.json'), 'utf8'))

/** An application that has installed what `npm pack` would publish. */
let application: string
let installed: string

beforeAll(async () => {
  application = await mkdtemp(join(tmpdir(), 'parlance-package-'))
  installed = join(application, 'node_modules/@parlance/client')
  await mkdir(installed, { recursive: true })
  await buildPackage(source, join(installed, 'dist'))
  for (const file of ['package.json', 'README.md']) await cp(join(root, source, file), join(installed, file))
  await writeFile(join(application, 'package.json'), '{ "type": "module" }')
})

afterAll(() => rm(application, { recursive: true }))

test('every workspace of the repository has the version of the server, a licence and no dependencies', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const folders = (await readdir(join(root, 'packages'), { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  )
  expect([...packages].sort()).toEqual(folders.map(({ name }) => `packages/${name}`).sort())
  for (const path of packages) {
    const own = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'))
    expect([own.version, own.license, own.dependencies, own.private]).toEqual([
      version,
      'MIT',
      undefined,
      undefined,
    ])
  }
})

test('the whole client takes at most 20 KB with gzip, without eval and without graphql', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(installed, 'dist/index.js')],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', platform: 'browser' },
  }).finally(() => void stop())
  const [{ text } = { text: '' }] = outputFiles
  expect(gzipSync(text).length).toBeLessThanOrEqual(20 * 1024)
  expect(text).not.toMatch(/\beval\(|new Function\(/)
  expect(text).not.toContain('GraphQLObjectType')
})

test('every entry loads in Node, and its types and the example of the README compile in an application', async () => {
  const entries = Object.keys((await manifest()).exports).map((path) => path.replace('.', '@parlance/client'))
  await writeFile(
    join(application, 'app.ts'),
    entries.map((entry, index) => `export * as part${index} from '${entry}'`).join('\n'),
  )
  const readme = await readFile(join(installed, 'README.md'), 'utf8')
  const [, example = ''] = readme.match(/```ts\n([\s\S]*?)```/) ?? []
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(15)
  await writeFile(join(application, 'example.ts'), example)
  const options = '--strict --noEmit --skipLibCheck false --module nodenext --target es2022 --lib es2022,dom'
  await run(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...options.split(' '), 'app.ts', 'example.ts'],
    { cwd: application },
  )
  const load = entries.map((entry) => `await import('${entry}')`).join(';')
  await run(process.execPath, ['--input-type=module', '-e', load], { cwd: application })
})

test('npm packs the built files, the manifest and the README alone', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--offline'], { cwd: installed })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining(['package.json', 'README.md', 'dist/index.js', 'dist/index.d.ts']),
  )
  expect(paths.filter((path) => !/^dist\/|^package\.json$|^README\.md$/.test(path))).toEqual([])
})

test('declarations import each other as JavaScript, so that older compilers resolve them', async () => {
  const names = (await readdir(join(installed, 'dist'), { recursive: true })).filter((name) =>
    name.endsWith('.d.ts'),
  )
  expect(names.length).toBeGreaterThan(10)
  for (const name of names)
    expect(await readFile(join(installed, 'dist', name), 'utf8')).not.toMatch(/\.ts['"]/)
})
