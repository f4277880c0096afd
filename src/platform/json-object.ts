import { z } from 'zod'
import { isStorable } from './text.ts'

const bytesMax = 16_384
const levelsMax = 32

/** The first fault of a value, or null. */
function faultOf(value: unknown, level: number): string | null {
  if (level > levelsMax) return `must have at most ${levelsMax} levels`
  if (typeof value === 'string')
    return isStorable(value) ? null : 'must not contain U+0000 or half a surrogate pair'
  if (typeof value !== 'object' || value === null) return null
  for (const [key, item] of Object.entries(value)) {
    const fault = faultOf(key, level) ?? faultOf(item, level + 1)
    if (fault) return fault
  }
  return null
}

/** A JSON object of at most 16 KiB as UTF-8 text that PostgreSQL can store. */
export const jsonObject = z.custom<Record<string, unknown>>().superRefine((value, issues) => {
  const fault =
    faultOf(value, 1) ??
    (Buffer.byteLength(JSON.stringify(value)) > bytesMax
      ? `must have at most ${bytesMax} bytes as JSON`
      : null)
  if (fault) issues.addIssue(fault)
})
