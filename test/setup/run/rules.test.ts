import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test('each file that may be slow exists', () => {
  expect(Object.keys(slowFiles).filter((file) => !testFiles.includes(file))).toEqual([])
})
