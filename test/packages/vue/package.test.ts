import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build, stop } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackage } from '../../../scripts/build-packages.mjs'

const root = join(import.meta.dirname, '../../..')
const run = promisify(execFile)

/** An application that has installed the built packages and Vue. */
let application: string
const installed = (name: string) => join(application, 'node_modules/@parlance', name)

beforeAll(async () => {
  application = await mkdtemp(join(tmpdir(), 'parlance-vue-'))
  for (const name of ['client', 'vue']) {
    const source = `packages/${name}`
    await mkdir(installed(name), { recursive: true })
    await buildPackage(source, join(installed(name), 'dist'))
    await cp(join(root, source, 'package.json'), join(installed(name), 'package.json'))
  }
  await symlink(join(root, 'node_modules/vue'), join(application, 'node_modules/vue'))
  await writeFile(join(application, 'package.json'), '{ "type": "module" }')
})

afterAll(() => rm(application, { recursive: true }))

test('@parlance/vue takes at most 2 KB with gzip, without Vue and the client', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(installed('vue'), 'dist/index.js')],
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', platform: 'browser' },
    external: ['vue', '@parlance/client'],
  }).finally(() => void stop())
  expect(gzipSync(outputFiles[0]?.text ?? '').length).toBeLessThanOrEqual(2 * 1024)
})

test('@parlance/vue loads in Node, and the example of its README compiles with the types of both packages', async () => {
  const readme = await readFile(join(root, 'packages/vue/README.md'), 'utf8')
  const [, example = ''] = readme.match(/```ts\n([\s\S]*?)```/) ?? []
  expect(example.trim().split('\n').length).toBeLessThanOrEqual(15)
  await writeFile(join(application, 'example.ts'), example)
  await writeFile(join(application, 'app.ts'), "export * from '@parlance/vue'")
  const options = '--strict --noEmit --skipLibCheck --module nodenext --target es2022 --lib es2022,dom'
  await run(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), ...options.split(' '), 'app.ts', 'example.ts'],
    { cwd: application },
  )
  await run(process.execPath, ['--input-type=module', '-e', "await import('@parlance/vue')"], {
    cwd: application,
  })
})

test('@parlance/vue has declarations of its own alone, which import the client by its name', async () => {
  const declarations = await readFile(join(installed('vue'), 'dist/conversation.d.ts'), 'utf8')
  expect(declarations).toContain("from '@parlance/client'")
  expect(declarations).not.toMatch(/\.ts['"]|\.\.\/client/)
})
