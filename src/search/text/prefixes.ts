/** Minimum lengths of a stem; shorter ones match by accident. */
const stemMin = 3
const elidedMin = 2

// Prepositions, conjunctions and articles that are joined to the next word, in their order. Folding changes none of these
// letters.
const arabic = [['و', 'ف'], ['ب', 'ك', 'ل', 'لل'], ['ال']]
const hebrew = [['ו'], ['לכש', 'כש', 'מש', 'ש'], ['ב', 'ל', 'כ', 'מ'], ['ה']]

const arabicLetter = /^\p{sc=Arabic}/u
const hebrewLetter = /^\p{sc=Hebrew}/u

/** The stems of a folded word after prefixes and elided articles: بيت of البيت, and eau of l'eau. */
export function stemsOf(word: string): string[] {
  if (word.includes("'")) return elided(word)
  if (arabicLetter.test(word)) return withoutPrefixes(word, arabic)
  if (hebrewLetter.test(word)) return withoutPrefixes(word, hebrew)
  return []
}

function elided(word: string): string[] {
  const stems: string[] = []
  for (let at = word.indexOf("'"); at >= 0; at = word.indexOf("'", at + 1))
    if (word.length - at - 1 >= elidedMin) stems.push(word.slice(at + 1))
  return stems
}

function withoutPrefixes(word: string, steps: readonly string[][]): string[] {
  const reached = new Set([word])
  for (const prefixes of steps)
    for (const stem of [...reached])
      for (const prefix of prefixes)
        if (stem.startsWith(prefix) && stem.length - prefix.length >= stemMin)
          reached.add(stem.slice(prefix.length))
  reached.delete(word)
  return [...reached]
}
