export const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * The columns of a table for a select list, each under the name of its field in prisma/schema.prisma. The same list of
 * fields picks the row type from the generated model, so that the two cannot differ.
 */
export const columns = (alias: string, fields: readonly string[]): string =>
  fields
    .map((field) => {
      const column = columnOf(field)
      return column === field ? `${alias}.${field}` : `${alias}.${column} as "${field}"`
    })
    .join(', ')

/**
 * SQL: an array parameter whose length the planner does not see. Otherwise it expects ten elements in a plan for any
 * values, and plans each execution with fewer anew.
 */
export const arrayOf = (index: number, type: string): string => `(select $${index}::${type}[])::${type}[]`
