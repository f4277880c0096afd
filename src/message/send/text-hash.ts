import { fold } from '../../platform/language/folding/fold.ts'

// Nobody sees them, so they make no other text.
const unseen = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu
const beyondAscii = /[^\0-\x7e]/

/**
 * 64 bits of a text, the same for texts that look alike: without case, spaces, what is not seen, and other forms of a
 * letter; empty when that leaves fewer letters than `min`. It is quick, for it runs with every send, and no secret: whoever
 * makes two texts collide only slows down themselves.
 */
export function hashOf(text: string, min = 0): string {
  const plain = beyondAscii.test(text) ? fold(text).replace(unseen, '') : text
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
