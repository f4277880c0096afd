import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold, foldWithPlaces, levelKana } from '../../../src/platform/language/folding/fold.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/folding.md'), 'utf8')

test.each([
  ['Łódź', 'lodz'],
  ['Bjørn', 'BJORN'],
  ['Straße', 'STRASSE'],
  ['STRAẞE', 'strasse'],
  ['Æsir', 'aesir'],
  ['İstanbul', 'istanbul'],
  ['ISPARTA', 'ısparta'],
  ['οδός', 'ΟΔΟΣ'],
  ['ἀγάπη', 'αγαπη'],
  ['ещё', 'ЕЩЕ'],
  ['ґанок', 'ганок'],
  ['п’ять', "п'ять"],
  ['پاکستان کی', 'پاكستان كي'],
  ['أحمد', 'احمد'],
  ['مدرسة', 'مدرسه'],
  ['ســـلام', 'سلام'],
  ['می‌خواهم', 'میخواهم'],
  ['شُكْرًا', 'شكرا'],
  ['١٢٣ ۴۵ ६७ ๘๙', '123 45 67 89'],
  ['שָׁלוֹם', 'שלומ'],
  ['हिन्दी', 'हिंदी'],
  ['ज़रूर माँ', 'जरूर मां'],
  ['臺灣', '台湾'],
  ['図書館', '圖書館'],
  ['ｶﾞｲﾄﾞ', 'ガイド'],
  ['Ｆｕｌｌ ﬁne ⅷ', 'full fine viii'],
  ['soft\u00adhyphen', 'softhyphen'],
  ['👍🏽❤️', '👍❤'],
  ['e\u0301', '\u00e9'],
])('%s and %s have the same folding', (one, other) => {
  expect(fold(one)).toBe(fold(other))
})

test.each([
  ['й', 'и'],
  ['か', 'が'],
  ['หมา', 'ม้า'],
  ['किताब', 'कताब'],
  ['👩‍👩‍👧', '👩👩👧'],
  ['o', 'oe'],
])('%s and %s have different foldings', (one, other) => {
  expect(fold(one)).not.toBe(fold(other))
})

test('tokens in hiragana and katakana are equal', () => {
  expect(levelKana(fold('ガイド'))).toBe(levelKana(fold('がいど')))
})

test('folding is idempotent', () => {
  for (const text of ['Łódź Straße İ ΟΔΟΣ', 'हिन्दी ज़रूर', 'ﷺ ½ ①', '👨‍👩‍👧‍👦 臺灣'])
    expect(fold(fold(text))).toBe(fold(text))
})

describe('the published tables', () => {
  const rows = [...page.matchAll(/^\| (\S+) \| U\+[0-9A-F]+ \| (\S+) \|$/gm)]

  test('list the folding of every letter', () => {
    expect(rows.length).toBeGreaterThan(100)
    for (const [, letter, to] of rows) expect([letter, fold(letter as string)]).toEqual([letter, to])
  })

  test('list the digits that are folded', () => {
    const zeros = page.match(/are folded to 0–9: (.*)\.$/m)?.[1]?.split(', ') ?? []
    expect(zeros.length).toBeGreaterThan(40)
    for (const zero of zeros) {
      const code = Number.parseInt(zero.slice(2), 16)
      for (let digit = 0; digit < 10; digit += 1)
        expect(fold(String.fromCodePoint(code + digit))).toBe(String(digit))
    }
  })
})

test('folded text has the origin of each unit', () => {
  const text = 'aﬁb Straße ｶﾞ👍🏽 e\u0301z'
  const { folded, startOf, endOf } = foldWithPlaces(text)
  expect(folded).toBe(fold(text))
  const originOf = (part: string) => {
    const at = folded.indexOf(part)
    return text.slice(startOf(at), endOf(at + part.length - 1))
  }
  expect(originOf('fi')).toBe('ﬁ')
  expect(originOf('strasse')).toBe('Straße')
  expect(originOf('ガ')).toBe('ｶﾞ')
  expect(originOf('👍')).toBe('👍🏽')
  expect(originOf('ez')).toBe('e\u0301z')
  expect(originOf('b')).toBe('b')
})
