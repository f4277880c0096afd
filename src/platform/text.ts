import { z } from 'zod'

export const codePoints = (value: string): number => {
  let count = 0
  for (const _point of value) count += 1
  return count
}

/** Whether PostgreSQL can store the text: without U+0000 and lone surrogates. */
export const isStorable = (value: string) => value.isWellFormed() && !value.includes('\0')

// Unicode classifies some empty characters as letters or symbols: blanks of Braille, hieroglyphs and music. Marks alone are
// not text, and joiners are marks.
const visibleCharacter =
  /(?![\u2800\u{13441}\u{13442}\u{1d159}\p{Default_Ignorable_Code_Point}])[\p{L}\p{N}\p{P}\p{S}]/u

export interface TextRules {
  /** In code points, after normalisation. */
  min?: number
  max?: number
  /** Whether to remove white space around the text. Default: true. */
  trim?: boolean
  /** Whether the text must have a visible character. */
  visible?: boolean
}

/** Text, normalised to NFC; lengths are in code points. One step, because it is parsed with every message. */
export function text({ min = 1, max = Number.POSITIVE_INFINITY, trim = true, visible = false }: TextRules) {
  return z.string().transform((given, context) => {
    if (!isStorable(given)) {
      context.addIssue('must not contain U+0000 or half a surrogate pair')
      return given
    }
    const value = trim ? given.normalize('NFC').trim() : given.normalize('NFC')
    // Further rules of the schema are checked, too, so that all faults are reported together.
    const refuse = (message: string) => context.addIssue({ code: 'custom', message, continue: true })
    if (isShorter(value, min))
      refuse(min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
    if (isLonger(value, max)) refuse(`must have at most ${max} characters`)
    if (visible && value !== '' && !visibleCharacter.test(value)) refuse('must contain a visible character')
    return value
  })
}

/** A code point has one or two units, so most texts need not be counted. */
const isShorter = (value: string, min: number) =>
  value.length < min || (value.length < 2 * min && codePoints(value) < min)

const isLonger = (value: string, max: number) => value.length > max && codePoints(value) > max

// Names are displayed inside other text and must not break its lines or change its direction.
const disruptive = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** The display name of a user, group or device: one line with a visible character. `min: 0` also allows an empty one. */
export function name({ min = 1, max }: { min?: number; max: number }) {
  return text({ min, max, visible: true }).refine(
    (value) => !disruptive.test(value),
    'must be one line without control or direction characters',
  )
}

const reserved = /[<>:"|?*]/g

/**
 * The last part of a path, without control and direction characters and those that file systems reserve. Joiners stay,
 * since emoji and Persian names contain them. `file` if nothing visible remains.
 */
export function fileName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(new RegExp(disruptive, 'gu'), '').replace(reserved, '').trim()
  return /^\.*$/.test(plain) || !visibleCharacter.test(plain) ? 'file' : plain
}
