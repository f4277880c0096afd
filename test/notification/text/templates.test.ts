import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../src/context.ts'
import type { MessageRow } from '../../../src/message/store.ts'
import { previewOf } from '../../../src/notification/text/preview.ts'
import { openTemplates } from '../../../src/notification/text/templates.ts'
import { temporaryFolder } from '../../setup/server-process.ts'

async function fileOf(content: unknown): Promise<string> {
  const file = join(await temporaryFolder(), 'templates.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('texts of notifications', () => {
  test.each([
    ['en', 'New message'],
    ['en-GB', 'New message'],
    ['zh', '你有一条新消息'],
    ['zh-Hant-TW', '你有一条新消息'],
    ['sw', 'New message'],
  ])('for %s are those of the closest language', async (locale, text) => {
    expect((await openTemplates(undefined)).fill(locale, 'hidden')).toBe(text)
  })

  test('replace placeholders once', async () => {
    const { fill } = await openTemplates(undefined)
    expect(fill('en', 'group', { sender: '{text}', text: '$& {sender}' })).toBe('{text}: $& {sender}')
    expect(fill('en', 'image', { caption: '' })).toBe('[Photo]')
  })

  test('of the operator replace the built-in ones, in any language', async () => {
    const file = await fileOf({
      en: { hidden: 'Ping' },
      'zh-Hant': { hidden: '你有一則新訊息' },
      de: { hidden: 'Neue Nachricht' },
    })
    const { fill } = await openTemplates(file)
    expect(fill('en', 'hidden')).toBe('Ping')
    expect(fill('en', 'recalled')).toBe('A message was recalled')
    expect(fill('zh-Hant-TW', 'hidden')).toBe('你有一則新訊息')
    expect(fill('zh-Hant-TW', 'recalled')).toBe('一条消息已被撤回')
    expect(fill('zh-CN', 'hidden')).toBe('你有一条新消息')
    expect(fill('de-AT', 'hidden')).toBe('Neue Nachricht')
    expect(fill('de', 'recalled')).toBe('A message was recalled')
  })

  test.each([
    'not JSON',
    { en: { hiden: 'misspelt' } },
    { en: { hidden: 1 } },
    { 'not a language': { hidden: 'x' } },
  ])('of an invalid file are refused: %j', async (content) => {
    await expect(openTemplates(await fileOf(content))).rejects.toThrow('PUSH_TEMPLATES_FILE')
  })
})

test.each([
  ['IMAGE', { caption: 'our\ngarden', filename: 'IMG_1.jpg' }, '[图片] our garden'],
  ['VIDEO', {}, '[视频]'],
  ['AUDIO', { caption: '' }, '[语音]'],
  ['FILE', { caption: 'for you', filename: 'plan.pdf' }, '[文件] plan.pdf for you'],
  ['FORWARD', { source_conversation_name: 'Kitchen', messages: [] }, '[聊天记录] Kitchen'],
])('the preview of %s has a label in the reader’s language', async (kind, content, expected) => {
  const ctx = { push: { templates: await openTemplates(undefined) } } as Context
  expect(await previewOf(ctx, { kind, content } as MessageRow, 'zh-CN')).toBe(expected)
})
