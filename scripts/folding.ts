// npm run folding   writes src/platform/language/folding/table.ts and the tables of docs/folding.md.
//
// Which letters are the same letter in a search is decided by the search collation of CLDR, as the ICU of this Node
// carries it, and for the Arabic script by its Persian collation, too. The result is committed: an index and a query
// must be folded alike, also where two servers run on different versions of Node.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const search = new Intl.Collator('und', { usage: 'search', sensitivity: 'base' })
const persian = new Intl.Collator('fa', { sensitivity: 'base' })

const scripts = [
  'Latin',
  'Greek',
  'Coptic',
  'Cyrillic',
  'Glagolitic',
  'Armenian',
  'Georgian',
  'Hebrew',
  'Arabic',
  'Syriac',
]
const indicScripts = [
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Oriya',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Sinhala',
]
const codePointMax = 0x1ffff

const everyCharacter = Array.from({ length: codePointMax + 1 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))

const equal = (one: string, other: string) => search.compare(one, other) === 0
const isLetter = (character: string) => /^\p{L}$/u.test(character)

/** Decomposed and without case: what is done before the table is asked. */
function prepared(character: string): string {
  const decomposed = character.normalize('NFKD')
  const caseless = Array.from(decomposed, (point) =>
    /\p{M}/u.test(point) ? point : point.toUpperCase().toLowerCase(),
  )
  return caseless.join('').normalize('NFKD')
}

interface Script {
  name: string
  /** Each letter with what it is folded to. */
  letters: [string, string][]
}

function readScript(name: string): Script {
  const belongs = new RegExp(`^\\p{scx=${name}}$`, 'u')
  const letters = everyCharacter.filter(
    (character) => isLetter(character) && belongs.test(character) && prepared(character) === character,
  )
  const visible = letters.filter((letter) => !equal(letter, ''))
  const groups = groupsOf(visible, name === 'Arabic' ? [search, persian] : [search], lastOrdinary[name] ?? 0)
  const folded = visible.filter((letter) => groups.get(letter) !== letter)
  const pairs: [string, string][] = folded.map((letter) => [letter, groups.get(letter) ?? letter])
  if (name === 'Latin') pairs.push(...ligatures(visible.filter((letter) => groups.get(letter) === letter)))
  // A ligature may stand for others of its own group.
  const target = new Map(pairs)
  return { name, letters: pairs.map(([letter, to]) => [letter, target.get(to) ?? to]) }
}

// Final forms and variants stand before the ordinary letters there.
const lastOrdinary: Record<string, number> = { Hebrew: 0x5ea, Arabic: 0x64a }

/** Of each letter: one of those that are equal to it, the last one up to `ordinary` or else the first. */
function groupsOf(letters: string[], collators: Intl.Collator[], ordinary: number): Map<string, string> {
  const first = new Map(letters.map((letter) => [letter, letter]))
  const rank = (letter: string) => {
    const code = letter.codePointAt(0) ?? 0
    return code <= ordinary ? -code : code
  }
  for (const collator of collators) {
    const sorted = letters.toSorted(collator.compare)
    for (const [index, letter] of sorted.entries()) {
      const before = sorted[index - 1]
      if (before === undefined || collator.compare(before, letter) !== 0) continue
      const [one = '', other = ''] = [first.get(before), first.get(letter)]
      const [lower, higher] = rank(one) < rank(other) ? [one, other] : [other, one]
      for (const [each, to] of first) if (to === higher) first.set(each, lower)
    }
  }
  return first
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz'

/** Letters that are equal to two. */
function ligatures(letters: string[]): [string, string][] {
  const two = Array.from(alphabet, (one) => Array.from(alphabet, (other) => one + other)).flat()
  return letters
    .filter((letter) => !alphabet.includes(letter))
    .flatMap((letter) =>
      two.filter((pair) => equal(pair, letter)).map((pair): [string, string] => [letter, pair]),
    )
}

/** Letters with marks that the collation holds for letters of their own, such as й. */
function distinctLetters(): string[] {
  const inScripts = new RegExp(`^[${scripts.map((name) => `\\p{scx=${name}}`).join('')}]$`, 'u')
  const distinct = everyCharacter
    .filter((character) => isLetter(character) && inScripts.test(character))
    .map(prepared)
    .filter((letter) => !equal(letter, letter.replace(/\p{M}/gu, '')))
  return [...new Set(distinct)]
}

/** Letters that are ignored, such as the tatweel. */
const ignored = () =>
  everyCharacter.filter(
    (character) => isLetter(character) && prepared(character) === character && equal(character, ''),
  )

/** Marks of Indic letters that the collation ignores, such as the nukta. */
function ignoredSigns(): string[] {
  const indic = new RegExp(`^[${indicScripts.map((name) => `\\p{sc=${name}}`).join('')}]$`, 'u')
  const signs = everyCharacter
    .filter((character) => indic.test(character) && isLetter(character))
    .map((character) => Array.from(character.normalize('NFD')))
    .filter(([base = '', mark]) => mark !== undefined && equal(base + mark, base))
    .map(([, mark = '']) => mark)
  return [...new Set(signs)]
}

/** The digit zero of every script; the others follow it. */
const zeros = () =>
  everyCharacter.filter(
    (character) =>
      /^\p{Nd}$/u.test(character) &&
      prepared(character) === character &&
      equal(character, '0') &&
      character !== '0',
  )

const tables = scripts.map(readScript).filter(({ letters }) => letters.length > 0)
const [distinct, ignoredLetters, signs, digits] = [distinctLetters(), ignored(), ignoredSigns(), zeros()]

const quoted = (text: string) => `'${Array.from(text, escaped).join('')}'`
const hex = (character: string) => (character.codePointAt(0) ?? 0).toString(16)
const escaped = (character: string) =>
  /[\p{M}\p{Nd}\p{Lm}]|[^\0-\uffff]/u.test(character) && !/[0-9]/.test(character)
    ? `\\u{${hex(character)}}`
    : character

const source = `// Written by \`npm run folding\` from the collations of CLDR ${process.versions.cldr} in ICU ${process.versions.icu}; docs/folding.md shows it.

/** Foldings of letters by script: the letter, a space, its folding. */
export const foldedLetters: Readonly<Record<string, string>> = {
${tables.map(({ name, letters }) => `  ${name}:\n    ${quoted(letters.map(([letter, to]) => `${letter} ${to}`).join('|'))},`).join('\n')}
}

/** Letters whose marks are kept. */
export const distinctLetters = ${quoted(distinct.join(' '))}

/** Letters that are ignored. */
export const ignoredLetters = ${quoted(ignoredLetters.join(' '))}

/** Signs below Indic letters that are ignored. */
export const ignoredSigns = ${quoted(signs.join(' '))}

/** The zero of every script; the other digits follow it. */
export const zeros = ${quoted(digits.join(' '))}
`
const root = join(import.meta.dirname, '..')
await writeFile(join(root, 'src/platform/language/folding/table.ts'), source)

const codes = (text: string) =>
  Array.from(text, (character) => `U+${hex(character).toUpperCase().padStart(4, '0')}`).join(' ')
const row = (from: string, to: string) => `| ${from} | ${codes(from)} | ${to} |`
const letterRows = ({ name, letters }: Script) => [
  `### ${name}`,
  '',
  '| letter | code point | folded |',
  '|---|---|---|',
  ...letters.map(([letter, to]) => row(letter, to)),
  '',
]
const lists = [
  ...tables.flatMap(letterRows),
  '### Kept with their marks',
  '',
  ...distinct.map((letter) => `- ${letter.normalize('NFC')}`),
  '',
  '### Left out',
  '',
  ...[...ignoredLetters, ...signs].map((sign) => `- ${codes(sign)}`),
  '',
  '### Digits',
  '',
  `The digits after each of these zeros are folded to 0–9: ${digits.map(codes).join(', ')}.`,
  '',
]
const page = join(root, 'docs/folding.md')
const begin = '<!-- written by npm run folding -->'
const [before = ''] = (await readFile(page, 'utf8').catch(() => '')).split(begin)
await writeFile(page, `${before}${begin}\n\n${lists.join('\n')}`)
