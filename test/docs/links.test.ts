import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { documents, root } from './documents.ts'

const internal = documents.flatMap(({ path, links }) =>
  links
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#')
      return { path, target, anchor, file: file === '' ? path : normalize(join(dirname(path), file)) }
    }),
)

test('every link in the documentation leads to a file of the repository', () => {
  const broken = internal.filter(({ file }) => !existsSync(join(root, file)))
  expect(broken.map(({ path, target }) => `${path}: ${target}`)).toEqual([])
})

test('every anchor in the documentation is a heading of its document', () => {
  const broken = internal.filter(
    ({ file, anchor }) => anchor && !documents.find((one) => one.path === file)?.anchors.has(anchor),
  )
  expect(broken.map(({ path, target }) => `${path}: ${target}`)).toEqual([])
})

test('every document in docs is linked from another one', () => {
  const linked = new Set(internal.filter(({ path, file }) => path !== file).map(({ file }) => file))
  const pages = documents.filter(({ path }) => path.startsWith('docs/')).map(({ path }) => path)
  expect(pages.filter((path) => !linked.has(path))).toEqual([])
})
