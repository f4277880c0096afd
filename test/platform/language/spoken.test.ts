import { expect, test } from 'vitest'
import { languageFor } from '../../../src/platform/language/spoken.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['zh', 'zh'],
  ['zh-Hant-TW', 'zh'],
  ['ZH_cn', 'zh'],
  ['zho', 'en'],
  ['fr-FR, zh;q=0.3', 'zh'],
  ['en;q=0.5, zh-CN;q=0.8', 'zh'],
  ['zh;q=0.5, en', 'en'],
  ['zh;q=0, fr', 'en'],
  ['zh;q=nonsense, en;q=0.1', 'en'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  [`${'fr,'.repeat(100_000)}zh`, 'en'],
])('the language for %.30s is %s', (accepted, language) => {
  expect(languageFor(accepted)).toBe(language)
})
