import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { build } from '../../scripts/build.mjs'
import { commands } from '../../src/commands/commands.ts'
import { meilisearchEnv } from '../search/back-ends.ts'
import { createTestDatabase } from '../setup/database.ts'
import { eventually } from '../world/eventually.ts'

// Docker is not needed: the folder has the files that the last stage of the Dockerfile copies, and each command starts as
// the image starts it.

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const secret = 's'.repeat(32)
let image: string
let entry: string[]
let packages: string[]

beforeAll(async () => {
  image = await mkdtemp(join(tmpdir(), 'parlance-image-'))
  const stage = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(/^FROM /m).at(-1) ?? ''
  entry = JSON.parse(stage.match(/^ENTRYPOINT (.+)$/m)?.[1] ?? '[]') as string[]
  packages = (await build('src/main.ts', join(image, 'dist'))).packages
  await symlink(join(root, 'node_modules'), join(image, 'node_modules'))
  for (const [, from = '', to = ''] of stage.matchAll(
    /^COPY (?:--from=build \/app\/(?=src\/))?([^-]\S*) (\S+)$/gm,
  )) {
    const target = to.endsWith('/') ? join(image, to, basename(from)) : join(image, to)
    await mkdir(join(target, '..'), { recursive: true })
    await cp(join(root, from), target, { recursive: true })
  }
}, 120_000)
afterAll(() => rm(image, { recursive: true, force: true }))

const env = (more: Record<string, string>) => ({
  PATH: process.env.PATH,
  AUTH_SECRET: secret,
  PORT: '0',
  ...more,
})

/** Runs a command of the image to its end. */
const parlance = (command: string, more: Record<string, string>) =>
  run(process.execPath, [...entry.slice(1), ...command.split(' ')], { cwd: image, env: env(more) })

async function database() {
  const { url, drop } = await createTestDatabase()
  onTestFinished(drop)
  return url
}

test('the image migrates a database, once', async () => {
  const DATABASE_URL = await database()
  expect((await parlance('migrate', { DATABASE_URL })).stdout).toBe('Nothing to apply\n')
  await expect(parlance('migrate', {})).rejects.toMatchObject({ code: 1, stderr: /^DATABASE_URL: required/ })
})

test('the image serves by default, warns of a missing ffmpeg, and stops on SIGTERM', async () => {
  const server = spawn(process.execPath, entry.slice(1), {
    cwd: image,
    env: env({ DATABASE_URL: await database(), DATA_DIR: join(image, 'data'), FFMPEG: 'no-such-program' }),
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const exited = once(server, 'exit')
  let output = ''
  server.stdout.on('data', (text) => {
    output += text
  })
  await eventually(() => expect(output).toContain('server ready'))
  expect(output).toContain('ffmpeg not found')
  const url = output.match(/"http":"(\S+?)\/graphql"/)?.[1] ?? ''
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  server.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

test.skipIf(!inject('meilisearch'))('the image rebuilds an index in Meilisearch', async () => {
  const meilisearch = inject('meilisearch')
  if (!meilisearch) throw new Error('Meilisearch is missing.')
  const DATABASE_URL = await database()
  const { stdout } = await parlance('reindex', { DATABASE_URL, ...meilisearchEnv(meilisearch) })
  expect(stdout).toContain('The new index serves.')
  await expect(parlance('reindex', { DATABASE_URL })).rejects.toMatchObject({
    code: 1,
    stderr: /MEILI_URL: required/,
  })
})

test('the image contains the files of GraphiQL', async () => {
  const files = await readdir(join(image, 'src/server/explorer/generated'))
  expect(files).toEqual(expect.arrayContaining(['graphiql.js', 'graphiql.css']))
})

test('an unknown command is answered with the list of commands', async () => {
  for (const command of ['serv', 'toString', ''])
    await expect(parlance(command, {})).rejects.toMatchObject({
      code: 2,
      stderr: `Unknown command "${command}". Commands: ${Object.keys(commands).join(', ')}. For help: parlance --help\n`,
    })
})

test('help names every command, and the help of each its arguments, options and exit codes', async () => {
  const helpOf = async (name: string) => {
    const { stdout } = await parlance(`${name} --help`.trim(), { PORT: 'not read for help' })
    return stdout
  }
  const lists = (list: string, named: Record<string, { summary: string }>) => {
    for (const [name, { summary }] of Object.entries(named)) {
      expect(list).toContain(name)
      expect(list).toContain(summary)
    }
  }
  const explains = (help: string, name: string) => {
    expect(help).toContain(`Usage: parlance ${name}`)
    expect(help).toContain('Exit codes:')
  }
  lists(await helpOf(''), commands)
  for (const [name, command] of Object.entries(commands)) {
    const help = await helpOf(name)
    if (!('commands' in command)) explains(help, name)
    else {
      lists(help, command.commands)
      // The help of one stands for all: they are written by one function.
      const [first = ''] = Object.keys(command.commands)
      explains(await helpOf(`${name} ${first}`), `${name} ${first}`)
    }
  }
}, 60_000)

test('unknown options, surplus arguments and invalid settings exit with 2 and one sentence', async () => {
  const failures = [
    ['migrate --force', {}, /^Unknown option '--force'\. Usage: parlance migrate/],
    ['migrate now', {}, /^"now" is one argument too many\. Usage: parlance migrate/],
    ['migrate --json=yes', {}, /^Option '--json' does not take an argument\. Usage/],
    ['migrate', { PORT: 'x' }, /^Invalid configuration:\n {2}PORT: a whole number\n$/],
  ] as const
  for (const [call, more, stderr] of failures)
    await expect(parlance(call, more)).rejects.toMatchObject({ code: 2, stdout: '', stderr })
})

test('with --json a command prints one JSON object', async () => {
  const { stdout } = await parlance('migrate --json', { DATABASE_URL: await database() })
  expect(JSON.parse(stdout)).toEqual({ applied: [] })
})

test('the program imports only packages that the image installs', async () => {
  const { dependencies, optionalDependencies } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'optionalDependencies', Record<string, string>>
  expect(packages.length).toBeGreaterThan(20)
  const installed = { ...dependencies, ...optionalDependencies }
  expect(packages.filter((name) => !(name in installed))).toEqual([])
})
