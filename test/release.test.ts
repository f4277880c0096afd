import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dated, versionedFiles, withVersion } from '../scripts/release.mjs'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }

test('server, packages, examples, chart and lock file have one version', () => {
  expect(versionedFiles.length).toBeGreaterThan(15)
  const others = versionedFiles.filter((path) => withVersion(path, read(path), version) !== read(path))
  expect(others).toEqual([])
})

test.each(versionedFiles)('a release writes its version into %s, and nothing else', (path) => {
  const released = withVersion(path, read(path), '98.7.6')
  expect(released).toContain('98.7.6')
  expect(withVersion(path, released, version)).toBe(read(path))
})

test('a release dates the first section of the changelog, which must be its own', () => {
  const changelog = '# Changelog\n\n## 0.2.0 – unreleased\n\nNew.\n\n## 0.1.0 – 2026-01-01\n'
  expect(dated(changelog, '0.2.0', '2026-02-03')).toBe(changelog.replace('unreleased', '2026-02-03'))
  for (const other of ['0.1.0', '0.3.0'])
    expect(() => dated(changelog, other, '2026-02-03')).toThrow(`## ${other} – unreleased`)
})

test('the first section of CHANGELOG.md is the version of the server or a later one', () => {
  const [, first = ''] =
    read('CHANGELOG.md').match(/^## (\d+\.\d+\.\d+) – (?:unreleased|\d{4}-\d\d-\d\d)$/m) ?? []
  const order = (text: string) =>
    text
      .split('.')
      .map((part) => part.padStart(4, '0'))
      .join()
  expect(order(first) >= order(version)).toBe(true)
})
