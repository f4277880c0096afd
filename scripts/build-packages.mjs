// node scripts/build-packages.mjs [folder]   builds each package as ES modules with types, into its `dist`, or into
// folders of the packages' names in the given folder.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export const packages = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces

/** Builds a package from the entries that its package.json exports. */
export async function buildPackage(path, output) {
  const esbuild = await import('esbuild')
  const { exports } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
  const entryPoints = Object.values(exports).map((entry) =>
    join(root, path, entry.default.replace('./dist', 'src').replace(/\.js$/, '.ts')),
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
      platform: 'neutral',
      target: 'es2022',
      format: 'esm',
      logLevel: 'warning',
    })
    .finally(() => void esbuild.stop())
  writeTypes(join(root, path), output)
}

function writeTypes(folder, output) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', output]
  const { status } = spawnSync(process.execPath, [compiler, '-p', folder, ...options], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`The types of ${folder} could not be written.`)
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
    await buildPackage(path, folder ? resolve(folder, path) : join(root, path, 'dist'))
}
