import japanesePairs from 'opencc-js/dict/JPShinjitaiCharacters'
import traditionalPairs from 'opencc-js/dict/TSCharacters'
import { foldedLetters, ignoredLetters, ignoredSigns, zeros } from './table.ts'

const pairsOf = (table: string) => table.split('|').map((pair) => pair.split(' ') as [string, string])

// Foldings that are not in Unicode or CLDR. Several kinds of apostrophes are typed for the same letter. Hindi writes a
// nasal before a consonant as a sign or as a half letter, and the signs are interchangeable.
const apostrophes = '\u2018 \u2019 \u02bc \u05f3'
const nasalSigns =
  '\u0901 \u0902|\u0981 \u0982|\u0a01 \u0a02|\u0a70 \u0a02|\u0a81 \u0a82|\u0b01 \u0b02|\u0c01 \u0c02|\u0c81 \u0c82'

let letters: ReadonlyMap<string, string> | undefined

/** Foldings of decomposed, caseless characters; '' removes the character, and a character without entry is kept. */
export function letterFoldings(): ReadonlyMap<string, string> {
  letters ??= readLetters()
  return letters
}

function readLetters(): Map<string, string> {
  const table = new Map(pairsOf(traditionalPairs))
  // A new Japanese form is folded like the old form that it replaced.
  for (const [present, former] of pairsOf(japanesePairs)) table.set(present, table.get(former) ?? former)
  for (const pairs of Object.values(foldedLetters))
    for (const [from, to] of pairsOf(pairs)) table.set(from, to)
  for (const [from, to] of pairsOf(nasalSigns)) table.set(from, to)
  for (const apostrophe of apostrophes.split(' ')) table.set(apostrophe, "'")
  for (const ignored of `${ignoredLetters} ${ignoredSigns}`.split(' ')) table.set(ignored, '')
  for (const zero of zeros.split(' '))
    for (let digit = 0; digit < 10; digit += 1)
      table.set(String.fromCodePoint((zero.codePointAt(0) ?? 0) + digit), String(digit))
  return table
}
