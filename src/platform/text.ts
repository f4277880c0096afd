import { z } from 'zod'

export const codePoints = (value: string): number => {
  let count = 0
  for (const _point of value) count += 1
  return count
}

// Half of a surrogate pair is no character, and U+0000 cannot be stored.
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const visibleCharacter = /[^\s\p{C}\p{Default_Ignorable_Code_Point}]/u

export interface TextRules {
  /** In code points, after normalisation. */
  min?: number
  max?: number
  /** White space around the text is dropped; true unless said otherwise. */
  trim?: boolean
  /** There must be something to see. */
  visible?: boolean
}

/** Text in Unicode normal form C, with its length counted in code points. */
export function text({ min = 1, max, trim = true, visible = false }: TextRules) {
  return z
    .string()
    .refine((value) => !unstorable.test(value), 'must not contain U+0000 or half a surrogate pair')
    .transform((value) => (trim ? value.normalize('NFC').trim() : value.normalize('NFC')))
    .refine((value) => codePoints(value) >= min, min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
    .refine((value) => max === undefined || codePoints(value) <= max, `must have at most ${max} characters`)
    .refine((value) => !visible || visibleCharacter.test(value), 'must contain something visible')
}
