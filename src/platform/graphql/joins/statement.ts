import type { JoinContext } from './declare.ts'
import type { SelectedJoin } from './selected.ts'

/** What a statement needs to read joins. Constant for a set of joins, so that it is prepared once. */
export interface JoinedColumns {
  /** SQL: columns to select, with a comma before each. The values are those of a table `k`. */
  select: string
  /** Names of the columns of `k`. */
  names: string[]
  /** SQL: types of the values, in order. */
  types: string[]
  /** SQL: joins `k` with the same values for all parents, which are the parameters from a number on. */
  tableOfOne: (first: number) => string
}

const columnOf = (index: number) => `join_${index}`

const columnsBySet = new Map<string, JoinedColumns>()

export const setName = (joins: readonly SelectedJoin[]): string => joins.map(({ join }) => join.name).join()

export function joinedColumns(joins: readonly SelectedJoin[]): JoinedColumns {
  const key = setName(joins)
  const known = columnsBySet.get(key) ?? columnsFor(joins)
  columnsBySet.set(key, known)
  return known
}

function columnsFor(joins: readonly SelectedJoin[]): JoinedColumns {
  const types: string[] = []
  const select = joins.map(({ join }, index) => {
    const offset = types.length
    types.push(...(join.types ?? []))
    return `, ${join.sql((value) => `k.value_${offset + value}`)} as "${columnOf(index)}"`
  })
  const tableOfOne = (first: number) =>
    types.length === 0
      ? ''
      : `cross join (select ${types.map((type, index) => `$${first + index}::${type} as value_${index}`).join(', ')}) k`
  const names = types.map((_type, index) => `value_${index}`)
  return { select: select.join(''), names, types, tableOfOne }
}

export const joinedValues = (joins: readonly SelectedJoin[]) => joins.flatMap(({ values }) => values)

/** Gives each join what a row has for it, if the row was read with joins. */
export function takeJoins(
  ctx: JoinContext,
  joins: readonly SelectedJoin[],
  row: object,
  parent: object,
): void {
  for (const [index, { join }] of joins.entries()) {
    const json = (row as Record<string, unknown>)[columnOf(index)]
    // A statement without joins read the row.
    if (json !== undefined) join.take(ctx, parent as never, json)
  }
}
