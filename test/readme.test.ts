import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settings } from '../src/config.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README lists every setting with its default and meaning, and no other', () => {
  const rows = readme.split('\n').filter((line) => /^\| `[A-Z0-9_]+` \|/.test(line))
  const expected = Object.entries(settings.shape).map(([name, setting]) => {
    const fallback: unknown = setting.safeParse(undefined).data
    const shown = fallback === undefined || String(fallback) === '' ? '' : `\`${String(fallback)}\``
    return `| \`${name}\` | ${shown} | ${setting.description} |`
  })
  expect(rows).toEqual(expected)
})
