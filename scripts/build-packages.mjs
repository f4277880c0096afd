// node scripts/build-packages.mjs [folder]   builds each package as ES modules with types, into its `dist`, or into
// folders of the packages' names in the given folder.
// node scripts/build-packages.mjs --check    checks the types of each package.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeTemplates } from './examples/templates.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces

/** Builds a package from the entries and programs that its package.json names. */
export async function buildPackage(path, output) {
  const esbuild = await import('esbuild')
  const { name, exports, bin = {} } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
  const built = [...Object.values(exports).map((entry) => entry.default), ...Object.values(bin)]
  const entryPoints = built.map((file) =>
    join(root, path, file.replace('./dist', 'src').replace(/\.js$/, '.ts')),
  )
  rmSync(output, { recursive: true, force: true })
  await esbuild
    .build({
      entryPoints,
      outbase: join(root, path, 'src'),
      outdir: output,
      bundle: true,
      splitting: true,
      packages: 'external',
      // Its `paths` lead to the sources of other packages, which are to stay outside.
      tsconfigRaw: {},
      platform: 'neutral',
      target: 'es2022',
      format: 'esm',
      logLevel: 'warning',
    })
    .finally(() => void esbuild.stop())
  dropBareImports(output)
  writeTypes(join(root, path), output)
  if (name === 'create-parlance') writeTemplates(join(output, 'templates'))
}

/** An entry imports the shared parts of others for their effects. They have none, and bundlers of applications warn. */
function dropBareImports(output) {
  for (const path of readdirSync(output, { recursive: true }).filter((path) => path.endsWith('.js'))) {
    const file = join(output, path)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^import "\.[^"]+";\n/gm, ''))
  }
}

function compile(folder, options) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-p', folder, ...options], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`The types of ${folder} have faults.`)
}

/** A package takes the types of another from its sources, for which the compiler writes declarations, too. */
function writeTypes(folder, output) {
  const all = mkdtempSync(join(tmpdir(), 'parlance-types-'))
  try {
    const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly']
    compile(folder, [...options, '--rootDir', join(root, 'packages'), '--outDir', all])
    cpSync(join(all, basename(folder), 'src'), output, { recursive: true })
  } finally {
    rmSync(all, { recursive: true })
  }
  // Imports keep the extension of the sources, which older compilers do not resolve in declarations.
  for (const path of readdirSync(output, { recursive: true }).filter((path) => path.endsWith('.d.ts'))) {
    const file = join(output, path)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/(from '|import\(")(\.[^'"]+)\.ts(['"])/g, '$1$2.js$3'),
    )
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2]
  for (const path of packages)
    if (folder === '--check') compile(join(root, path), [])
    else await buildPackage(path, folder ? resolve(folder, path) : join(root, path, 'dist'))
}
