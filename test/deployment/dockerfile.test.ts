import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8')

test('.dockerignore admits every file that the Dockerfile copies', () => {
  const admitted = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)]
    .flatMap(([, sources = '']) => sources.split(' '))
    .filter((source) => source !== '.')
  expect(copied.length).toBeGreaterThan(3)
  const isAdmitted = (source: string) =>
    admitted.some((path) => source === path || source.startsWith(`${path}/`))
  expect(copied.filter((source) => !isAdmitted(source))).toEqual([])
})
