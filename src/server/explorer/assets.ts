import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compress, type Encoding } from '../request/compression.ts'
import { startScript } from './start-script.ts'

/** The files of the explorer, under a version that changes with their content. */
export interface Assets {
  version: string
  /** null if there is no such file. */
  read(name: string, encoding: Encoding): Promise<{ bytes: Buffer; type: string } | null>
}

const javascript = 'text/javascript; charset=utf-8'

// With more than a few tabs, the animation of their first layout never ends, and the tabs move under the mouse.
const tabsStayPut = '\n.graphiql-tab { transform: none !important }\n'

/** Without the fonts for text, which are three quarters of the compressed styles: those of the system do, in every script. */
const withoutTextFonts = (css: string) =>
  css.replace(/@font-face\s*\{[^}]*\}/g, (face) => (/font-family:\s*codicon/.test(face) ? face : ''))

/** Nine megabytes: loaded at the first visit of the explorer, and compressed once. */
export async function loadAssets(): Promise<Assets> {
  const { css, editorWorkerService, graphqlWorker, js, jsonWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  )
  const files = new Map<string, string>([
    ['graphiql.js', js],
    ['graphiql.css', withoutTextFonts(css) + tabsStayPut],
    ['worker-editorWorkerService.js', editorWorkerService],
    ['worker-json.js', jsonWorker],
    ['worker-graphql.js', graphqlWorker],
    ['start.js', startScript()],
    ...(await socketClient()),
  ])
  const hash = createHash('sha256')
  for (const text of files.values()) hash.update(text)
  const compressed = new Map<string, Promise<Buffer>>()

  return {
    version: hash.digest('hex').slice(0, 16),
    async read(name, encoding) {
      const text = files.get(name)
      if (text === undefined) return null
      const key = `${encoding} ${name}`
      const bytes = compressed.get(key) ?? compress(Buffer.from(text), encoding, 'once')
      compressed.set(key, bytes)
      return { bytes: await bytes, type: name.endsWith('.css') ? 'text/css; charset=utf-8' : javascript }
    },
  }
}

/** The browser build of graphql-ws: a module and the one that it imports. */
async function socketClient(): Promise<[string, string][]> {
  const folder = dirname(createRequire(import.meta.url).resolve('graphql-ws/client'))
  const names = (await readdir(folder)).filter((name) => /^(client|common-.*)\.js$/.test(name))
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, await readFile(join(folder, name), 'utf8')]),
  )
}
