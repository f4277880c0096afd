import { expect, test } from 'vitest'
import { characterStart, shorten } from '../../../src/platform/language/shorten.ts'

test('text up to the limit is not changed', () => {
  expect(shorten('hello', 5)).toBe('hello')
  expect(shorten('𝒜𝒜𝒜', 3)).toBe('𝒜𝒜𝒜')
  expect(shorten('', 3)).toBe('')
})

test('longer text is cut and ends with an ellipsis, within the limit', () => {
  expect(shorten('hello!', 5)).toBe('hell…')
  expect(shorten('𝒜𝒜𝒜𝒜', 3)).toBe('𝒜𝒜…')
})

test.each([
  ['a family', '👨‍👩‍👧‍👦', 7],
  ['a flag', '🇯🇵', 2],
  ['a skin tone', '👍🏽', 2],
  ['a heart', '❤️', 2],
  ['a letter with marks', 'e\u0301\u0323', 3],
  ['a syllable of Hindi', 'क्षि', 4],
  ['a syllable of Korean in letters', '\u1112\u1161\u11ab', 3],
])('%s is kept or removed as a whole', (_what, character, points) => {
  for (let max = 2; max < 4 * points; max += 1) {
    const short = shorten(character.repeat(10), max)
    expect([...short].length).toBeLessThanOrEqual(max)
    const whole = Math.floor((max - 1) / points)
    if (whole > 0) expect(short).toBe(`${character.repeat(whole)}…`)
  }
})

test('text of a thousand flags is cut between two flags', () => {
  const flags = '🇩🇪'.repeat(1_000)
  for (const max of [100, 101, 240, 999]) expect(shorten(flags, max)).toMatch(/^(🇩🇪)+…$/u)
})

test('a grapheme of 500 marks is cut', () => {
  const zalgo = `e${'\u0301'.repeat(500)}`
  expect([...shorten(zalgo, 10)]).toHaveLength(10)
  expect(characterStart(zalgo, 300)).toBe(300)
})
