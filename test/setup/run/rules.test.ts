import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import config from '../../../vitest.config.ts'
import { independentOfBackends } from './backends.ts'
import { slowFiles } from './slow-files.ts'

const root = join(import.meta.dirname, '../../..')

const testFiles = readdirSync(join(root, 'test'), { recursive: true })
  .map((path) => `test/${path}`)
  .filter((path) => path.endsWith('.test.ts'))

test('no test file replaces a module that other files of its process have loaded', () => {
  const replacing = testFiles.filter((path) =>
    /\bvi\.(do)?[mM]ock\(/.test(readFileSync(join(root, path), 'utf8')),
  )
  expect(replacing).toEqual([])
})

test('each path of npm run test:backends holds tests', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const paths = scripts['test:backends'].match(/\btest\/[\w/-]+/g) as string[]
  expect(paths.length).toBeGreaterThan(0)
  expect(paths.filter((path) => !testFiles.some((file) => file.includes(path)))).toEqual([])
})

test('each file that npm run test:backends leaves out exists', () => {
  const starts = independentOfBackends.map((pattern) => pattern.replace('**', ''))
  expect(starts.filter((start) => !testFiles.some((file) => file.startsWith(start)))).toEqual([])
})

test('npm run test:backends leaves these files out of every project', () => {
  const usual = excluded('test')
  expect(usual.length).toBeGreaterThan(1)
  expect(excluded('backends')).toEqual(usual.map((files) => [...files, ...independentOfBackends]))
})

/** What each project leaves out in a mode of vitest. */
function excluded(mode: string): string[][] {
  const projects = config({ mode, command: 'serve' }).test?.projects ?? []
  return projects.map((project) => (project as TestProjectInlineConfiguration).test?.exclude ?? [])
}

test('each file that may be slow exists', () => {
  expect(Object.keys(slowFiles).filter((file) => !testFiles.includes(file))).toEqual([])
})
