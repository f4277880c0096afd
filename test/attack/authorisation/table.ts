import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Role, roles } from './cast.ts'

export type Outcomes = Record<Role, string>

const document = join(import.meta.dirname, '../../../docs/permissions.md')

/** The tables of docs/permissions.md: the outcomes of each field by role. */
export function publishedTable(): Map<string, Outcomes> {
  const rows = readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return new Map(
    rows.map(([field = '', ...cells]) => [
      field.replaceAll('`', ''),
      Object.fromEntries(roles.map((role, index) => [role, cells[index] ?? ''])) as Outcomes,
    ]),
  )
}

/** A row as it is written in the document. */
export const rowOf = (field: string, outcomes: Partial<Outcomes> | undefined) =>
  `| \`${field}\` | ${roles.map((role) => outcomes?.[role] ?? '').join(' | ')} |`
