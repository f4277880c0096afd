import type { z } from 'zod'
import { invalidInput } from '../errors.ts'

/** The value as the schema understands it; INVALID_INPUT lists every fault with its path below `path`. */
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
