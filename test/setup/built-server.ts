import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { context, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache')

export interface BuiltServer {
  /** The whole server as one JavaScript file. */
  program: string
  /** Rebuilds it from the current source. */
  rebuild(): Promise<unknown>
  remove(): Promise<void>
}

/** Builds the server for tests that start processes: each start from TypeScript would compile it again. */
export async function buildServer(): Promise<BuiltServer> {
  await mkdir(cache, { recursive: true })
  // In the project, so that imports of packages resolve.
  const folder = await mkdtemp(join(cache, 'parlance-server-'))
  const program = join(folder, 'main.mjs')
  const building = await context({
    entryPoints: [join(root, 'src/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [keepPlaces],
  })
  await building.rebuild()
  return {
    program,
    rebuild: building.rebuild,
    async remove() {
      await building.dispose()
      await rm(folder, { recursive: true })
    },
  }
}

/** Keeps `import.meta.dirname`: modules find their files, such as migrations, relative to their source. */
const keepPlaces: Plugin = {
  name: 'keep-places',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('createRequire(import.meta.url)', `createRequire(${JSON.stringify(path)})`)
      return { contents, loader: 'ts' }
    })
  },
}
