import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const execute = promisify(execFile)
const passing = `test('passes', () => {})`

let folder: string
let report: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-failures-'))
  report = join(folder, 'report.json')
  const setup = { test: { setupFiles: [join(root, 'test/setup/run/every-hook.ts')] } }
  await writeFile(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(setup)}`)
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs a program of this repository; returns its exit status and output also if it fails. */
async function run(...args: string[]): Promise<{ status: number; output: string }> {
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  for (const name of ['VITEST', 'VITEST_POOL_ID', 'VITEST_WORKER_ID']) delete env[name as keyof typeof env]
  return execute(process.execPath, args, { cwd: folder, env }).then(
    ({ stdout }) => ({ status: 0, output: stdout }),
    ({ code, stdout }) => ({ status: code, output: stdout }),
  )
}

/** Runs a test file of its own with the reporters of CI, and counts it as CI does. */
async function runsInCi(source: string) {
  await writeFile(join(folder, 'one.test.js'), source)
  const reporters = ['default', join(root, 'test/setup/run/failures.ts'), 'json'].flatMap((one) => [
    '--reporter',
    one,
  ])
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = ['--globals', '--root', folder, `--outputFile.json=${report}`]
  const { status, output } = await run(vitest, 'run', ...options, ...reporters)
  const summary = output.split('Failed outside of a test:')[1] ?? ''
  const counted = await run(join(root, '.ci/count.mjs'), `${report}:${status}`)
  return { status: counted.status, summary, counts: counted.output.trim().split('\n') }
}

test('a run without failures is counted as it is', async () => {
  const run = await runsInCi(passing)
  expect(run).toMatchObject({ status: 0, summary: '', counts: ['1 passed, 0 failed'] })
})

test('a failing hook is named at the end and counted, although every test passes', async () => {
  const run = await runsInCi(`${passing}\nafterAll(() => { throw new Error('left behind') })`)
  expect(run.summary).toMatch(/one\.test\.js: left behind/)
  expect(run.counts).toEqual([
    expect.stringMatching(/one\.test\.js failed outside of its tests: left behind/),
    '1 passed, 1 failed',
  ])
  expect(run.status).toBe(1)
})

test('a failing hook skips no other hook, in any suite', async () => {
  const run = await runsInCi(`
    const fails = (text) => () => { throw new Error(text) }
    afterAll(fails('the server'))
    afterAll(fails('the check'))
    describe('inner', () => {
      afterAll(fails('the inner server'))
      afterAll(fails('the inner check'))
      ${passing}
    })`)
  expect(run.summary.match(/the (inner )?(server|check)/g)?.sort()).toEqual([
    'the check',
    'the inner check',
    'the inner server',
    'the server',
  ])
})

test('an error that no code handles is named with its file and counted', async () => {
  const run = await runsInCi(
    `test('passes', async () => { Promise.reject(new Error('never awaited')); await new Promise(setImmediate) })`,
  )
  expect(run.summary).toMatch(/one\.test\.js, in or after "passes": Unhandled Rejection: never awaited/)
  expect(run.counts).toEqual([
    expect.stringMatching(/exit status 1, although no test and no file failed/),
    '1 passed, 1 failed',
  ])
  expect(run.status).toBe(1)
})
