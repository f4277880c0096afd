import { z } from 'zod'

export const codePoints = (value: string): number => {
  let count = 0
  for (const _point of value) count += 1
  return count
}

// Half of a surrogate pair is no character, and U+0000 cannot be stored.
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** PostgreSQL takes it, and every client can show it. */
export const isStorable = (value: string) => !value.includes('\0') && !loneSurrogate.test(value)

// Unicode counts two symbols without any ink among the visible ones: the blank of Braille and the null notehead.
const visibleCharacter = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}]/u

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
    .refine(isStorable, 'must not contain U+0000 or half a surrogate pair')
    .transform((value) => (trim ? value.normalize('NFC').trim() : value.normalize('NFC')))
    .refine(
      (value) => codePoints(value) >= min,
      min === 1 ? 'must not be empty' : `must have at least ${min} characters`,
    )
    .refine((value) => max === undefined || codePoints(value) <= max, `must have at most ${max} characters`)
    .refine(
      (value) => !visible || value === '' || visibleCharacter.test(value),
      'must contain something visible',
    )
}

// A name stands inside other people's lines: it must not break them or turn their direction.
const disruptive = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** One line by which people know a person, a group or a device. With `min: 0` an empty one is allowed too. */
export function name({ min = 1, max }: { min?: number; max: number }) {
  return text({ min, max, visible: true }).refine(
    (value) => !disruptive.test(value),
    'must be one line without control characters or marks of direction',
  )
}

const reserved = /[<>:"|?*]/g

/**
 * The last part of a path as one name on one line. Joiners stay, since emoji and Persian names are written with them;
 * what turns the direction of the text or is reserved on some file system does not.
 */
export function fileName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(new RegExp(disruptive, 'gu'), '').replace(reserved, '').trim()
  return /^\.*$/.test(plain) || !visibleCharacter.test(plain) ? 'file' : plain
}
