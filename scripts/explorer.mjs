// node scripts/explorer.mjs   bundles GraphiQL for the browser into src/server/explorer/generated, from where the server
// serves it. The packages are needed only here: neither the image nor an installed server contains them.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = join(root, 'src/server/explorer/generated')

const page = `
  import { GraphiQL } from 'graphiql'
  import 'graphiql/style.css'
  import { createElement } from 'react'
  import { createRoot } from 'react-dom/client'

  export { createClient } from 'graphql-ws'
  export const renderGraphiQL = (element, { title, ...props }) =>
    createRoot(element).render(
      createElement(GraphiQL, props, createElement(GraphiQL.Logo, null, title)),
    )
`

// With more than a few tabs, the animation of their first layout never ends, and the tabs move under the mouse.
const pageStyles = `
html, body, #root { height: 100%; margin: 0 }
.graphiql-tab { transform: none !important }
`

/** Without fonts, which are most of the styles: those of the system have every script. */
const withoutFonts = (css) => css.replaceAll(/@font-face\s*\{[^}]*\}/g, '')

/** Bundles GraphiQL unless that was done with the same packages by this file. */
export async function bundleExplorer() {
  const state = stateOfSources()
  if (readText(join(folder, 'state')) === state) return
  const esbuild = await import('esbuild')
  const { outputFiles } = await esbuild
    .build({
      absWorkingDir: root,
      stdin: { contents: page, resolveDir: root },
      outdir: folder,
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      define: { 'process.env.NODE_ENV': '"production"' },
      write: false,
      logLevel: 'error',
    })
    .finally(() => void esbuild.stop())
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text
  mkdirSync(folder, { recursive: true })
  writeWhole('graphiql.js', textOf('.js'))
  writeWhole('graphiql.css', withoutFonts(textOf('.css')) + pageStyles)
  writeWhole('state', state)
}

/** Changes with this file and with the packages that are bundled. */
function stateOfSources() {
  const packages = ['graphiql', 'react-dom', 'graphql', 'graphql-ws', 'esbuild']
  const versions = packages.map((name) => readText(join(root, 'node_modules', name, 'package.json')))
  return createHash('sha256')
    .update([readText(fileURLToPath(import.meta.url)), ...versions].join('\n'))
    .digest('hex')
}

/** Another process may read the file, or write it at the same time. */
function writeWhole(name, text) {
  const draft = join(folder, `${name}.${process.pid}`)
  writeFileSync(draft, text)
  renameSync(draft, join(folder, name))
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleExplorer()
