// node scripts/build.mjs [folder]   builds the server as JavaScript and the web app into `dist`, or into the given folder.
// `run.mjs` runs the same build of any TypeScript file from a cache.

import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleExplorer } from './explorer.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cache = join(root, '.build')

// Whatever else the output depends on.
const buildFiles = ['scripts/build.mjs', 'tsconfig.json', 'node_modules/esbuild/package.json']
// Programs import some files on demand, so the builds of those that still run must stay.
const keptBuilds = 5

/**
 * Builds a TypeScript file and everything of the project that it imports. The output is one folder without subfolders, in
 * which the program has the name of the file. `change` replaces a source before it is built. Returns the sources with their content, and the names of the imported
 * packages.
 */
export async function build(file, folder, change = (_path, source) => source) {
  const esbuild = await import('esbuild')
  const sources = new Map()
  const entryPoints = Object.fromEntries(threads().map((path) => [threadName(path), path]))
  entryPoints[basename(file, '.ts')] = resolve(root, file)
  const { metafile } = await esbuild
    .build({
      absWorkingDir: root,
      entryPoints,
      outdir: folder,
      bundle: true,
      splitting: true,
      chunkNames: '[name]-[hash]',
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      sourcemap: true,
      sourcesContent: false,
      metafile: true,
      logLevel: 'warning',
      plugins: [keepPlaces(folder, sources, change)],
    })
    // Its process would stay as long as this one.
    .finally(() => void esbuild.stop())
  await bundleFor([...sources.keys()])
  const packages = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external && !path.startsWith('node:'))
    .map(({ path }) => path.match(/^(?:@[^/]+\/)?[^/]+/)[0])
  return { sources, packages: [...new Set(packages)] }
}

/** Returns the built program of a TypeScript file: the cached one, unless a source changed. */
export async function cachedBuild(file) {
  const name = relative(root, resolve(root, file))
    .replace(/\.ts$/, '')
    .replaceAll(/[^\w-]/g, '-')
  const record = join(cache, `${name}.json`)
  const programIn = (folder) => join(cache, folder, `${basename(file, '.ts')}.js`)
  const known = readJson(record)
  if (known && Object.entries(known.hashes).every(([path, hash]) => hashOf(readFile(path)) === hash)) {
    await bundleFor(Object.keys(known.hashes))
    return programIn(known.folder)
  }

  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, `${name}-`))
  const { sources } = await build(file, folder)
  const hashes = {}
  for (const path of buildFiles) hashes[path] = hashOf(readFile(path))
  for (const [path, content] of sources) hashes[relative(root, path)] = hashOf(content)
  const draft = join(folder, 'build.json')
  writeFileSync(draft, JSON.stringify({ folder: basename(folder), hashes }))
  renameSync(draft, record)
  removeOldBuilds(name)
  return programIn(basename(folder))
}

/** The page of the explorer, if the server is among the sources. */
async function bundleFor(paths) {
  if (paths.some((path) => path.endsWith('src/server/explorer/assets.ts'))) await bundleExplorer()
}

function removeOldBuilds(name) {
  const builds = readdirSync(cache)
    .filter((entry) => entry.startsWith(`${name}-`) && entry.length === name.length + '-XXXXXX'.length)
    // Another process may have removed it.
    .map((entry) => ({ entry, time: statSync(join(cache, entry), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time)
  for (const { entry } of builds.slice(keptBuilds))
    rmSync(join(cache, entry), { recursive: true, force: true })
}

/** Files that run in threads of their own: each `thread.ts` in src. */
function threads() {
  return readdirSync(join(root, 'src'), { recursive: true })
    .filter((path) => basename(path) === 'thread.ts' && readFile(join('src', path)).includes('serveTasks('))
    .map((path) => join(root, 'src', path))
}

const threadName = (path) => relative(join(root, 'src'), path).replace(/\.ts$/, '').replaceAll(sep, '-')

/** Keeps what sources say about their own place: they find files, such as migrations and threads, relative to it. */
function keepPlaces(folder, sources, change) {
  const toRoot = relative(folder, root)
  return {
    name: 'keep-places',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8')
        sources.set(path, source)
        const place = JSON.stringify(`/${join(toRoot, relative(root, dirname(path)))}`)
        const contents = change(relative(root, path), source)
          .replaceAll('import.meta.dirname', `(import.meta.dirname + ${place})`)
          .replaceAll(/new URL\('([\w./-]+\/)?thread\.ts', import\.meta\.url\)/g, (_, subfolder = '') => {
            const thread = resolve(dirname(path), subfolder, 'thread.ts')
            return `new URL('${threadName(thread)}.js', import.meta.url)`
          })
        return { contents, loader: 'ts' }
      })
    },
  }
}

const hashOf = (content) => createHash('sha256').update(content).digest('base64url')

function readFile(path) {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return ''
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist'))
  rmSync(folder, { recursive: true, force: true })
  await build('src/main.ts', folder)
  const { buildWeb } = await import('./web/build.mjs')
  if (!buildWeb(join(folder, 'web'))) process.exit(1)
}
