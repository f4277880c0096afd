import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../setup/server-process.ts'
import { eventually } from '../world/eventually.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

const greeting = "import { name } from './name.ts'\n\nconsole.log('Hello ' + name)\n"
const nameIs = (name: string) => `export const name = '${name}'\n`

/** A project with the scripts of this one and the given sources. */
async function project(sources: Record<string, string>) {
  const folder = await temporaryFolder()
  for (const path of [
    'scripts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'prisma/schema.prisma',
    'src/platform/db/generated/internal/class.ts',
  ])
    await cp(join(root, path), join(folder, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const write = async (path: string, source: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  for (const [path, source] of Object.entries(sources)) await write(path, source)
  const { cachedBuild } = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'scripts/build.mjs')).href
  )) as typeof import('../../scripts/build.mjs')
  return { folder, write, cachedBuild: () => cachedBuild('src/main.ts') }
}

test('a program is built once, and again after a change of a file that it imports', async () => {
  const { write, cachedBuild } = await project({ 'src/main.ts': greeting, 'src/name.ts': nameIs('Alice') })
  const first = await cachedBuild()
  expect((await run(process.execPath, [first])).stdout).toBe('Hello Alice\n')
  expect(await cachedBuild()).toBe(first)

  await write('src/name.ts', nameIs('Bob'))
  const second = await cachedBuild()
  expect((await run(process.execPath, [second])).stdout).toBe('Hello Bob\n')
  // A program that still runs keeps its files.
  expect((await run(process.execPath, [first])).stdout).toBe('Hello Alice\n')
})

test('the cache keeps the last five builds', async () => {
  const { folder, write, cachedBuild } = await project({
    'src/main.ts': greeting,
    'src/name.ts': nameIs('Alice'),
  })
  for (const name of ['Bob', 'Carol', 'Dave', 'Erin', 'Frank', 'Grace']) {
    await write('src/name.ts', nameIs(name))
    expect((await run(process.execPath, [await cachedBuild()])).stdout).toBe(`Hello ${name}\n`)
  }
  expect((await readdir(join(folder, '.build'))).filter((entry) => entry !== 'src-main.json')).toHaveLength(5)
})

test('a failed build is an error and replaces nothing', async () => {
  const { write, cachedBuild } = await project({ 'src/main.ts': greeting, 'src/name.ts': nameIs('Alice') })
  const first = await cachedBuild()
  await write('src/main.ts', `${greeting}import './missing.ts'\n`)
  await expect(cachedBuild()).rejects.toThrow('Could not resolve "./missing.ts"')
  await write('src/main.ts', greeting)
  expect(await cachedBuild()).toBe(first)
})

test('an error names the TypeScript file and line', async () => {
  const { folder } = await project({
    'src/main.ts': "import { fail } from './fail.ts'\n\nfail()\n",
    'src/fail.ts':
      "type Text = string\n\nexport function fail(): never {\n  throw new Error('thrown' as Text)\n}\n",
  })
  await expect(run(process.execPath, ['scripts/run.mjs', 'src/main.ts'], { cwd: folder })).rejects.toThrow(
    /fail\.ts:4:9/,
  )
})

test('sources find files by their own place, in threads and files imported on demand too', async () => {
  const { folder } = await project({
    'src/main.ts': `import { Worker } from 'node:worker_threads'
      console.log((await import('./deep/demand.ts')).place)
      new Worker(new URL('deep/thread.ts', import.meta.url))`,
    'src/deep/demand.ts': 'export const place: string = import.meta.dirname',
    'src/deep/thread.ts': `import { place } from './demand.ts'
      const serveTasks = () => console.log(place + ' in a thread')
      serveTasks()`,
  })
  const { stdout } = await run(process.execPath, ['scripts/run.mjs', 'src/main.ts'], { cwd: folder })
  const normalised = stdout
    .trim()
    .split('\n')
    .map((line) => join(line))
  expect(normalised).toEqual([join(folder, 'src/deep'), join(folder, 'src/deep in a thread')])
})

test('npm run dev restarts after a change, also after one that does not build', async () => {
  const { folder, write } = await project({
    'src/main.ts': `${greeting}setInterval(() => {}, 1_000)\n`,
    'src/name.ts': nameIs('Alice'),
  })
  const dev = spawn('npm', ['run', '--silent', 'dev'], { cwd: folder, detached: true })
  const exited = once(dev, 'exit')
  onTestFinished(async () => {
    if (dev.pid) process.kill(-dev.pid, 'SIGTERM')
    await exited
  })
  let output = ''
  for (const stream of [dev.stdout, dev.stderr]) stream.on('data', (text) => (output += text))
  await eventually(() => expect(output).toContain('Hello Alice'))
  await write('src/name.ts', 'export const nam')
  await eventually(() => expect(output).toContain('must be initialized'))
  await write('src/name.ts', nameIs('Bob'))
  await eventually(() => expect(output).toContain('Hello Bob'))
})
