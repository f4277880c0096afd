import { expect, test } from 'vitest'
import { characterStart, shorten } from '../../../src/platform/language/shorten.ts'

test('a text up to the limit stays as it is', () => {
  expect(shorten('hello', 5)).toBe('hello')
  expect(shorten('𝒜𝒜𝒜', 3)).toBe('𝒜𝒜𝒜')
  expect(shorten('', 3)).toBe('')
})

test('a longer one is cut and says so, within the limit', () => {
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
])('%s is kept or left out as a whole', (_what, character, points) => {
  for (let max = 2; max < 4 * points; max += 1) {
    const short = shorten(character.repeat(10), max)
    expect([...short].length).toBeLessThanOrEqual(max)
    const whole = Math.floor((max - 1) / points)
    if (whole > 0) expect(short).toBe(`${character.repeat(whole)}…`)
  }
})

test('flags are counted from the first one, however many there are', () => {
  const flags = '🇩🇪'.repeat(1_000)
  for (const max of [100, 101, 240, 999]) expect(shorten(flags, max)).toMatch(/^(🇩🇪)+…$/u)
})

test('a character without end is cut all the same', () => {
  const zalgo = `e${'\u0301'.repeat(500)}`
  expect([...shorten(zalgo, 10)]).toHaveLength(10)
  expect(characterStart(zalgo, 300)).toBe(300)
})
