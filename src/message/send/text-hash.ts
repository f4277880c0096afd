import { fold } from '../../platform/language/folding/fold.ts'

// Invisible characters do not make a text different. Those of ASCII are skipped one by one.
const unseen = /(?![\0-\x7e])[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
const beyondAscii = /[^\0-\x7e]/

/**
 * A 64-bit hash of a text, equal for texts that look alike: it ignores case, spaces, invisible characters and variants of
 * a letter. Empty if fewer than `min` letters remain. Fast rather than secure, because it runs with every send: a sender
 * who makes texts collide only limits themselves.
 */
export function hashOf(text: string, min = 0): string {
  const plain = beyondAscii.test(text) ? seenIn(fold(text)) : text
  let [one, two, letters] = [0xdeadbeef, 0x41c6ce57, 0]
  for (let place = 0; place < plain.length; place += 1) {
    let code = plain.charCodeAt(place)
    if (code <= 0x20) continue
    if (code >= 0x41 && code <= 0x5a) code += 0x20
    one = Math.imul(one ^ code, 2_654_435_761)
    two = Math.imul(two ^ code, 1_597_334_677)
    letters += 1
  }
  return letters < min ? '' : `${(one >>> 0).toString(36)}${(two >>> 0).toString(36)}`
}

/** Searching takes a quarter of the time of replacing, and most texts have nothing to remove. */
const seenIn = (folded: string) => (folded.search(unseen) === -1 ? folded : folded.replace(unseen, ''))
