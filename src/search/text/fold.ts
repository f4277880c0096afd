import japanesePairs from 'opencc-js/dict/JPShinjitaiCharacters'
import traditionalPairs from 'opencc-js/dict/TSCharacters'

/** Text as it is compared, and where each of its UTF-16 units comes from. */
export interface FoldedText {
  folded: string
  /** Of unit i of the folded text: the range of the original that it stands for. */
  starts: number[]
  ends: number[]
}

// A character with its marks: what is composed or taken apart must be folded as one.
const character = /\P{M}[\p{M}\p{Emoji_Modifier}\uff9e\uff9f]*|\p{M}+/gsu
const plainAscii = /^[\x20-\x7e\n]*$/
const unseen = /(?!\u200d)[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu
// Their marks are left out in haste. In other scripts a mark is part of the letter.
const optionalMarks = /(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}]\p{Mn}*)\p{Mn}/gu
const katakana = /[\u30a1-\u30f6]/g
const hiraganaOffset = 0x60

const pairsOf = (table: string) => table.split('|').map((pair) => pair.split(' ') as [string, string])

const simplified = new Map(pairsOf(traditionalPairs))
// What Japan has simplified in its own way goes by way of the old form.
for (const [present, former] of pairsOf(japanesePairs))
  simplified.set(present, simplified.get(former) ?? former)

/** Compatibility forms, case, accents, skin tones and variants of Chinese characters become one. */
export function fold(text: string): string {
  return plainAscii.test(text) ? text.toLowerCase() : text.replace(character, foldCharacter)
}

export function foldWithPlaces(text: string): FoldedText {
  const pieces: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  for (const { 0: original, index } of text.matchAll(character)) {
    const piece = foldCharacter(original)
    pieces.push(piece)
    for (let unit = 0; unit < piece.length; unit += 1) {
      starts.push(index)
      ends.push(index + original.length)
    }
  }
  return { folded: pieces.join(''), starts, ends }
}

function foldCharacter(original: string): string {
  const composed = original.normalize('NFKC').toLowerCase().replace(unseen, '').replace('’', "'")
  const bare = composed.normalize('NFD').replace(optionalMarks, '').normalize('NFC')
  return simplified.get(bare) ?? bare
}

/** Both kana become one, unit by unit. Only what is cut already: hiragana alone hides where words begin. */
export function levelKana(folded: string): string {
  return folded.replace(katakana, (kana) => String.fromCharCode(kana.charCodeAt(0) - hiraganaOffset))
}
