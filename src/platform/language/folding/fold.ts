import { asciiEnd, characterEnd } from './characters.ts'
import { letterFoldings } from './letters.ts'
import { distinctLetters } from './table.ts'

/** Folded text, and which part of the original each UTF-16 unit of it comes from. */
export interface FoldedText {
  folded: string
  /** Where the character begins that a unit of the folded text comes from. */
  startOf(unit: number): number
  /** Where it ends. */
  endOf(unit: number): number
}

const beyondAscii = /[^\0-\x7f]/

/** Grows with every change of what `fold` returns; what is stored folded is then made again. */
export const foldingVersion = 1

/**
 * Makes one of the spellings of a text that people take for the same; docs/folding.md lists them. Everything that is
 * searched is compared in this form.
 */
export function fold(text: string): string {
  return beyondAscii.test(text) ? foldParts(text, () => {}) : text.toLowerCase()
}

/** The same, and where each part of it comes from. */
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

/** A character whose folding has another length than its own, or more than one unit. */
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

/** The range of the original that a unit of the folded text stands for. */
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
    const known = ofOneUnit[code] ?? foldAnew(text.slice(at, end))
    ofOneUnit[code] = known
    return known
  }
  const original = text.slice(at, end)
  if (original.length > rememberedLength) return foldAnew(original)
  const known = remembered.get(original)
  if (known !== undefined) return known
  if (remembered.size >= rememberedMax) remembered.clear()
  const folded = foldAnew(original)
  remembered.set(original, folded)
  return folded
}

const mark = /\p{M}/u
const unseen = /^(?!\u200d)[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u
// Marks of other scripts are part of the letter.
const markless =
  /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Georgian}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}]/u
const nonspacing = /^\p{Mn}$/u
const distinct = new Set(distinctLetters.split(' '))
// A vowel of Thai and Lao that decomposes into a mark and a vowel: the words around it would be cut wrongly.
const whole = /^[\u0e33\u0eb3]$/u
const halfNasal = /^[\u0919\u091e\u0923\u0928\u092e]\u094d$/u
const anusvara = '\u0902'
const joiner = '\u200d'

function foldAnew(original: string): string {
  if (whole.test(original)) return original
  // Kept inside of an emoji only.
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

/** Full case folding: by way of the upper case, since only there ß, ı and ς are the same as ss, i and σ. */
function withoutCase(original: string): string {
  let caseless = ''
  for (const character of original.normalize('NFKD'))
    caseless += mark.test(character) ? character : lower(character.toLowerCase().toUpperCase())
  return caseless.normalize('NFKD')
}

// One by one: the sigma at the end of a word has a form of its own.
const lower = (text: string) => Array.from(text, (character) => character.toLowerCase()).join('')

const katakana = /[\u30a1-\u30f6]/g
const hiraganaOffset = 0x60

/** Makes both kana one, unit by unit. For text that is cut already: hiragana alone hides where words begin. */
export function levelKana(folded: string): string {
  return folded.replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - hiraganaOffset))
}
