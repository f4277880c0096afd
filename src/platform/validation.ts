import type { z } from 'zod'
import { invalidInput } from '../errors.ts'

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
