import type { z } from 'zod'
import { type Issue, invalidInput, Refusal } from '../errors.ts'

/** Parses a value; throws INVALID_INPUT with every fault and its path below `path`. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidInput(
    ...result.error.issues.map((issue) => ({
      path: [path, ...issue.path].join('.'),
      message: issue.message,
    })),
  )
}

type Checks<Results extends readonly unknown[]> = { [Index in keyof Results]: () => Results[Index] }

/** Runs all checks and returns their results; throws one INVALID_INPUT with the issues of every check that failed. */
export function checkAll<Results extends readonly unknown[]>(...checks: Checks<Results>): Results {
  const issues: Issue[] = []
  const results: unknown[] = []
  for (const run of checks)
    try {
      results.push(run())
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'INVALID_INPUT') throw error
      issues.push(...(error.details.issues as Issue[]))
    }
  if (issues.length > 0) throw invalidInput(...issues)
  return results as unknown as Results
}

/** Throws one INVALID_INPUT with an issue for each condition that does not hold. */
export function assertInput(
  ...conditions: (readonly [holds: boolean, path: string, message: string])[]
): void {
  const issues = conditions.filter(([holds]) => !holds).map(([, path, message]) => ({ path, message }))
  if (issues.length > 0) throw invalidInput(...issues)
}
