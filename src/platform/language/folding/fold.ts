import { asciiEnd, characterEnd } from './characters.ts'
import { letterFoldings } from './letters.ts'
import { distinctLetters } from './table.ts'

/** Folded text with the origin of each of its UTF-16 units in the original. */
export interface FoldedText {
  folded: string
  /** Start of the original character of a folded unit. */
  startOf(unit: number): number
  /** End of the original character of a folded unit. */
  endOf(unit: number): number
}

const beyondAscii = /[^\0-\x7f]/

/** Increased with every change of the results of `fold`; stored folded text is then computed again. */
export const foldingVersion = 1

/**
 * Maps spellings that people consider equal to one form; docs/folding.md lists them. Search compares this form.
 */
export function fold(text: string): string {
  return beyondAscii.test(text) ? foldParts(text, () => {}) : text.toLowerCase()
}

/** Folds a text and keeps the origin of each unit. */
export function foldWithPlaces(text: string): FoldedText {
  if (!beyondAscii.test(text))
    return { folded: text.toLowerCase(), startOf: (unit) => unit, endOf: (unit) => unit + 1 }
  const places: Place[] = []
  const folded = foldParts(text, (place) => places.push(place))
  return {
    folded,
    startOf: (unit) => originOf(places, unit)[0],
    endOf: (unit) => originOf(places, unit)[1],
  }
}

/** A character that folds to a different length, or that has more than one unit. */
interface Place {
  foldedAt: number
  foldedEnd: number
  at: number
  end: number
}

function foldParts(text: string, found: (place: Place) => void): string {
  let folded = ''
  for (let at = 0; at < text.length; ) {
    let end = asciiEnd(text, at)
    if (end > at) folded += text.slice(at, end).toLowerCase()
    else {
      end = characterEnd(text, at)
      const piece = foldCharacter(text, at, end)
      if (piece.length !== 1 || end - at !== 1)
        found({ foldedAt: folded.length, foldedEnd: folded.length + piece.length, at, end })
      folded += piece
    }
    at = end
  }
  return folded
}

/** The range of the original of a folded unit. */
function originOf(places: readonly Place[], unit: number): [start: number, end: number] {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle]?.foldedAt ?? 0) <= unit) low = middle + 1
    else high = middle
  }
  const { foldedEnd, at, end } = places[low - 1] ?? { foldedEnd: 0, at: 0, end: 0 }
  if (unit < foldedEnd) return [at, end]
  return [end + unit - foldedEnd, end + unit - foldedEnd + 1]
}

const rememberedMax = 20_000
const rememberedLength = 4
const ofOneUnit = new Array<string | undefined>(0x10000)
const remembered = new Map<string, string>()

function foldCharacter(text: string, at: number, end: number): string {
  if (end - at === 1) {
    const code = text.charCodeAt(at)
    const known = ofOneUnit[code] ?? computeFolding(text.slice(at, end))
    ofOneUnit[code] = known
    return known
  }
  const original = text.slice(at, end)
  if (original.length > rememberedLength) return computeFolding(original)
  const known = remembered.get(original)
  if (known !== undefined) return known
  if (remembered.size >= rememberedMax) remembered.clear()
  const folded = computeFolding(original)
  remembered.set(original, folded)
  return folded
}

const mark = /\p{M}/u
const unseen = /^(?!\u200d)[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u
// In other scripts, marks are part of the letter.
const markless =
  /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Georgian}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}]/u
const nonspacing = /^\p{Mn}$/u
const distinct = new Set(distinctLetters.split(' '))
// Vowels of Thai and Lao that decompose into a mark and a vowel, which would break word segmentation.
const whole = /^[\u0e33\u0eb3]$/u
const halfNasal = /^[\u0919\u091e\u0923\u0928\u092e]\u094d$/u
const anusvara = '\u0902'
const joiner = '\u200d'

function computeFolding(original: string): string {
  if (whole.test(original)) return original
  // Joiners are kept inside emoji only.
  if (original === joiner) return ''
  const letters = letterFoldings()
  let folded = ''
  let base = ''
  for (const character of withoutCase(original)) {
    if (unseen.test(character)) continue
    if (nonspacing.test(character) && markless.test(base) && !distinct.has(base + character)) continue
    const letter = letters.get(character) ?? character
    folded += letter
    if (!mark.test(character)) base = letter
  }
  return halfNasal.test(folded) ? anusvara : folded.normalize('NFC')
}

/** Full case folding, through upper case: only there ß, ı and ς equal ss, i and σ. */
function withoutCase(original: string): string {
  let caseless = ''
  for (const character of original.normalize('NFKD'))
    caseless += mark.test(character) ? character : lower(character.toLowerCase().toUpperCase())
  return caseless.normalize('NFKD')
}

// Character by character, because a final sigma has a form of its own.
const lower = (text: string) => Array.from(text, (character) => character.toLowerCase()).join('')

const katakana = /[\u30a1-\u30f6]/g
const hiraganaOffset = 0x60

/** Maps katakana to hiragana, unit by unit. For tokens: word segmentation needs both kana. */
export function levelKana(folded: string): string {
  return folded.replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - hiraganaOffset))
}
