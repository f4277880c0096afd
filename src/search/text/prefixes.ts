/** Fewer letters are a word by accident. */
const stemMin = 3
const elidedMin = 2

// Prepositions, conjunctions and articles that are written as one word with the next, in the order in which they stand
// before it. Of the letters here, none is folded to another.
const arabic = [['و', 'ف'], ['ب', 'ك', 'ل', 'لل'], ['ال']]
const hebrew = [['ו'], ['לכש', 'כש', 'מש', 'ש'], ['ב', 'ל', 'כ', 'מ'], ['ה']]

const arabicLetter = /^\p{sc=Arabic}/u
const hebrewLetter = /^\p{sc=Hebrew}/u

/** The rests of a folded word behind its prefixes and elided articles: البيت is found by بيت, and l'eau by eau. */
export function stemsOf(word: string): string[] {
  if (word.includes("'")) return elided(word)
  if (arabicLetter.test(word)) return behind(word, arabic)
  if (hebrewLetter.test(word)) return behind(word, hebrew)
  return []
}

function elided(word: string): string[] {
  const stems: string[] = []
  for (let at = word.indexOf("'"); at >= 0; at = word.indexOf("'", at + 1))
    if (word.length - at - 1 >= elidedMin) stems.push(word.slice(at + 1))
  return stems
}

function behind(word: string, steps: readonly string[][]): string[] {
  const reached = new Set([word])
  for (const prefixes of steps)
    for (const stem of [...reached])
      for (const prefix of prefixes)
        if (stem.startsWith(prefix) && stem.length - prefix.length >= stemMin)
          reached.add(stem.slice(prefix.length))
  reached.delete(word)
  return [...reached]
}
