import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { columns } from '../../../src/platform/db/columns.ts'

test('columns selects each column under the name of its field', () => {
  expect(columns('u', ['id', 'displayName', 'avatarMediaId'])).toBe(
    'u.id, u.display_name as "displayName", u.avatar_media_id as "avatarMediaId"',
  )
})

test('columns derives the column of every field in the Prisma schema', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../../prisma/schema.prisma'), 'utf8')
  const fields = [...schema.matchAll(/^ {2}([a-z]\w*) +[A-Z]\w*(.*)$/gm)]
    .map(([, field = '', rest = '']) => ({
      field,
      rest,
      column: rest.match(/@map\("(\w+)"\)/)?.[1] ?? field,
    }))
    .filter(({ rest, field }) => rest.includes('@map(') || !/[A-Z]/.test(field))
  expect(fields.length).toBeGreaterThan(200)
  const derived = fields.filter(
    ({ field, column }) => columns('t', [field]) === `t.${column}${column === field ? '' : ` as "${field}"`}`,
  )
  expect(derived).toEqual(fields)
})
