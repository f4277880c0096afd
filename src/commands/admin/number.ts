import { UsageError } from '../cli/parse.ts'

/** The value of an option that is a whole number. */
export function numberOf(
  option: string,
  given: string | undefined,
  { otherwise, max }: { otherwise: number; max: number },
): number {
  if (given === undefined) return otherwise
  const value = Number(given)
  if (/^\d{1,10}$/.test(given) && value >= 1 && value <= max) return value
  throw new UsageError(`--${option} ${given}: a whole number from 1 to ${max}.`)
}
