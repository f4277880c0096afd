import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { OperatorError } from '../../platform/operator-error.ts'

/** Texts of notifications, with placeholders in braces. */
const english = {
  /** In a direct conversation, whose title is the sender's name. */
  direct: '{text}',
  group: '{sender}: {text}',
  mention: '{sender} mentioned you: {text}',
  mentionAll: '{sender} mentioned everyone: {text}',
  /** Without a preview. */
  hidden: 'New message',
  hiddenMany: '{count} new messages',
  hiddenMention: '{sender} mentioned you',
  recalled: 'A message was recalled',
  image: '[Photo] {caption}',
  video: '[Video] {caption}',
  audio: '[Audio] {caption}',
  file: '[File] {caption}',
  forward: '[Chat history] {caption}',
  testTitle: 'Test',
  testBody: 'This device receives notifications.',
  signInTitle: 'New sign-in',
  signInBody: 'Your account was just used to sign in on {device}.',
  digestSubject: '{count} unread messages',
  digestGreeting: 'Hello {name},\n\nthis is what you have not read yet:',
  digestLine: '{title}: {count} unread',
  digestMore: 'and more in {count} other conversations',
  digestEnd: 'You get one such mail while you are away. Switch it off in your notification settings.',
  sms: '{count} unread messages in {conversations} conversations',
  verificationSubject: 'Confirm your address',
  verification:
    'Your code is {code}. It is valid for {minutes} minutes. If you did not request it, ignore this message.',
  passwordSubject: 'Set a new password',
  password:
    'Your code to set a new password is {code}. It is valid for {minutes} minutes. If you did not request it, ignore this message; your password stays.',
}

const chinese: Record<TemplateName, string> = {
  direct: '{text}',
  group: '{sender}:{text}',
  mention: '{sender} 提到了你：{text}',
  mentionAll: '{sender} 提到了所有人：{text}',
  hidden: '你有一条新消息',
  hiddenMany: '你有 {count} 条新消息',
  hiddenMention: '{sender} 提到了你',
  recalled: '一条消息已被撤回',
  image: '[图片] {caption}',
  video: '[视频] {caption}',
  audio: '[语音] {caption}',
  file: '[文件] {caption}',
  forward: '[聊天记录] {caption}',
  testTitle: '测试',
  testBody: '此设备可以收到通知。',
  signInTitle: '新设备登录',
  signInBody: '你的帐号刚刚在 {device} 上登录。',
  digestSubject: '{count} 条未读消息',
  digestGreeting: '{name}，你好：\n\n以下是你尚未阅读的消息：',
  digestLine: '{title}：{count} 条未读',
  digestMore: '另有 {count} 个会话有未读消息',
  digestEnd: '离开期间只会收到一封这样的邮件。可以在通知设置中关闭。',
  sms: '你有 {count} 条未读消息，来自 {conversations} 个会话',
  verificationSubject: '确认你的地址',
  verification: '你的验证码是 {code}，{minutes} 分钟内有效。如非本人操作，请忽略此消息。',
  passwordSubject: '设置新密码',
  password:
    '你用于设置新密码的验证码是 {code}，{minutes} 分钟内有效。如非本人操作，请忽略此消息，密码不会改变。',
}

export type TemplateName = keyof typeof english

type Texts = Record<TemplateName, string>

export interface Templates {
  /** The text in the language, or in the closest one that exists, with its placeholders replaced. */
  fill(locale: string, name: TemplateName, values?: Record<string, string | number>): string
}

const fileSchema = z.record(
  z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag'),
  z.partialRecord(z.enum(Object.keys(english) as [TemplateName]), z.string().max(2_000)),
)

/** The built-in texts, replaced by those of the operator's file. An invalid file stops the start. */
export async function openTemplates(file: string | undefined): Promise<Templates> {
  const languages = new Map<string, Texts>([
    ['en', english],
    ['zh', chinese],
  ])
  const custom = file ? await readFileTexts(file) : {}
  for (const [language, texts] of Object.entries(custom)) {
    const tag = language.toLowerCase()
    languages.set(tag, { ...nearest(languages, tag), ...texts })
  }
  return {
    fill(locale, name, values = {}) {
      const filled = nearest(languages, locale)[name].replace(/\{(\w+)\}/g, (_whole, key: string) =>
        String(values[key] ?? ''),
      )
      return filled.trim()
    },
  }
}

async function readFileTexts(file: string): Promise<Record<string, Partial<Texts>>> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error)
    throw new OperatorError(`PUSH_TEMPLATES_FILE: ${file} is invalid.\n${reason}`)
  }
}

/** zh-Hant-TW, then zh-Hant, then zh, then English. */
function nearest(languages: ReadonlyMap<string, Texts>, locale: string): Texts {
  for (let tag = locale.toLowerCase(); tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const texts = languages.get(tag)
    if (texts) return texts
  }
  return languages.get('en') ?? english
}
