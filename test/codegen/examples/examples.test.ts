import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { examples } from '../../../scripts/reference/examples.ts'
import { documents, root } from '../../docs/documents.ts'
import { typeCheck } from '../tools.ts'

const folder = join(import.meta.dirname, 'generated')

/** What the reference expects of its reader: a token, its function, and the texts of its operations. */
const request = documents.find(({ path }) => path === 'docs/reference/README.md')?.blocks[0]?.code
const ofReference = [
  'declare const accessToken: string',
  ...examples.map(({ operation }) => `declare const ${operation.match(/^\w+ (\w+)/)?.[1]}: string`),
  request,
].join('\n')

/** The quickstarts show these, and `test/examples` checks their types. */
const exampleFiles = new Set(
  readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('node_modules'))
    .map((path) => readFileSync(join(root, 'examples', path), 'utf8').trim()),
)

/** Every other example in TypeScript, as a module. */
const modules = documents
  // Decisions show excerpts.
  .filter(({ path }) => !path.startsWith('docs/decisions/'))
  .flatMap(({ path, blocks }) =>
    blocks
      // The other projects check the configurations of code generators, which need what those write.
      .filter(({ language, code }) => /^tsx?$/.test(language) && !code.includes('/generated/'))
      .filter(({ code }) => !exampleFiles.has(code.trim()))
      .map(({ language, code }, index) => {
        const preamble = path.startsWith('docs/reference/') && code !== request ? ofReference : ''
        const declared = code === request ? 'declare const accessToken: string' : preamble
        const [, home = ''] = code.match(/^\/\/ (.*)\/[^/]+\.ts\n/) ?? []
        const text = home ? code.replaceAll("from './", `from '${join(root, home)}/`) : code
        return {
          name: `${path.replace(/\W/g, '-')}-${index}.${language}`,
          text: `${declared}\n${text}\nexport {}\n`,
        }
      }),
  )

test('the TypeScript examples in the documentation have no type errors', async () => {
  expect(modules.length).toBeGreaterThan(15)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await Promise.all(modules.map(({ name, text }) => writeFile(join(folder, name), text)))
  await typeCheck('examples')
})
