import { existsSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { documents, read, root } from './documents.ts'

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

test('the index of decisions has one row for each, in the order of their numbers, with status and date', () => {
  const decisions = documents.filter(({ path }) => /^docs\/decisions\/\d/.test(path)).map(({ path }) => path)
  const numbers = decisions.map((path) => basename(path).slice(0, 3))
  expect(new Set(numbers).size).toBe(numbers.length)
  const rows = decisions.sort().map((path) => {
    const [, number, title, status, date] =
      read(path).match(/^# (\d+) (.+)\n\nStatus: (.+) · Date: (\d{4}-\d\d-\d\d)\n/) ?? []
    return `| ${number} | [${title}](${basename(path)}) | ${status} | ${date} |`
  })
  expect(read('docs/decisions/README.md').match(/^\| \d.*$/gm)).toEqual(rows)
})

test('each answer of docs/finding-your-way.md is at most four files in one folder', () => {
  const answers = read('docs/finding-your-way.md').split(/^## /m).slice(1)
  expect(answers.length).toBe(12)
  for (const answer of answers) {
    const files = [...answer.matchAll(/\]\(\.\.\/((?:src|test)\/[^)#]+)\)/g)].map(
      ([, file]) => file as string,
    )
    // src/hooks.ts is the map from every slice to its listeners.
    const folders = files
      .filter((file) => file !== 'src/hooks.ts')
      .map((file) => file.split('/').slice(0, 2).join('/'))
    expect(files.length, answer).toBeLessThanOrEqual(4)
    // A name that moved to another file makes the answer untrue.
    const text = files.map(read).join('\n')
    const names = [...answer.matchAll(/`([a-zA-Z]{4,})`/g)].map(([, name]) => name as string)
    expect(
      names.filter((name) => !text.includes(name)),
      answer,
    ).toEqual([])
    expect(new Set(folders).size, answer).toBe(1)
  }
})
