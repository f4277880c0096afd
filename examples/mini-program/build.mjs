// Bundles the scripts with the client into `dist`, which the developer tools open.

import { cpSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const pages = ['pages/chat/chat']

rmSync('dist', { recursive: true, force: true })
await build({
  entryPoints: ['app.js', ...pages.map((page) => `${page}.js`)],
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  format: 'cjs',
  target: 'es2018',
})
for (const file of ['app.json', ...pages.flatMap((page) => [`${page}.json`, `${page}.wxml`])])
  cpSync(file, `dist/${file}`)
