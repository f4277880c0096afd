import { fold, levelKana } from '../../platform/language/folding/fold.ts'
import { stemsOf } from './prefixes.ts'
import { bigramsOf, cutRun, cutWord, humpsOf, tokensOf } from './words.ts'

/** The folded terms by which a text is found. */
export interface IndexTerms {
  /** Whole words. */
  words: Set<string>
  /** The words of scripts with spaces, which also match with typos and by a part. */
  spaced: Set<string>
  /** Further beginnings of words: humps of camelCase, and words after their prefixes. */
  starts: Set<string>
  /** Bigrams of scripts without spaces. */
  neighbours: Set<string>
}

/** Searchable length of a text, in UTF-16 units; a forward of the default size is shorter. */
export const searchableMax = 262_144

export function indexTermsOf(original: string): IndexTerms {
  const found = {
    words: new Set<string>(),
    spaced: new Set<string>(),
    starts: new Set<string>(),
    neighbours: new Set<string>(),
  }
  for (const { kind, text } of tokensOf(fold(original))) {
    if (kind === 'run') addRun(found, text)
    else addWord(found, text)
  }
  for (const { text } of humpsOf(original)) found.starts.add(cutWord(fold(text)))
  return found
}

const beginsWithLetter = /^[\p{L}\p{M}\p{N}]/u

function addWord({ words, spaced, starts }: IndexTerms, text: string): void {
  const word = cutWord(text)
  words.add(word)
  if (!beginsWithLetter.test(word)) return
  spaced.add(word)
  for (const stem of stemsOf(word)) starts.add(stem)
}

function addRun({ words, neighbours }: IndexTerms, text: string): void {
  for (const word of cutRun(text)) words.add(cutWord(levelKana(word)))
  const run = levelKana(text)
  for (const bigram of bigramsOf(run)) neighbours.add(bigram)
  // The last character begins no bigram, but may be a query.
  neighbours.add(Array.from(run).at(-1) ?? '')
}
