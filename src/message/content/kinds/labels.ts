import type { MediaKind } from '../../../platform/db/generated/enums.ts'
import type { Language } from '../../../platform/language/spoken.ts'

/** Plain text of content without text. */
export const labels: Record<Language, Record<MediaKind | 'RECALLED', string>> = {
  en: {
    IMAGE: '[Image]',
    FILE: '[File]',
    VIDEO: '[Video]',
    AUDIO: '[Audio]',
    RECALLED: 'Message recalled',
  },
  zh: { IMAGE: '[图片]', FILE: '[文件]', VIDEO: '[视频]', AUDIO: '[语音]', RECALLED: '消息已撤回' },
}

type Written = 'zh' | 'ja' | 'ko' | 'en'

const summaries: Record<Written, (count: number) => string> = {
  zh: (count) => `聊天记录 (${count}条)`,
  ja: (count) => `トーク履歴 (${count}件)`,
  ko: (count) => `대화 내용 (${count}개)`,
  en: (count) => `Chat history (${count} ${count === 1 ? 'message' : 'messages'})`,
}

const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0

/** The language of a text, by its letters. Few letters of a script decide, because Chinese texts contain Latin names. */
function languageOf(text: string): Written {
  const [kana, hangul, han] = [/[\p{scx=Hira}\p{scx=Kana}]/gu, /\p{sc=Hangul}/gu, /\p{sc=Han}/gu].map(
    (letters) => count(text, letters),
  ) as [number, number, number]
  if (hangul > 0 && hangul >= han) return 'ko'
  // About half of Japanese is Chinese characters, and Chinese texts contain a few kana.
  if (kana > 0 && kana * 3 >= han) return 'ja'
  return han > 0 ? 'zh' : 'en'
}

/** Summary of forwarded messages, in the language of `said`. */
export function forwardSummary(messages: number, said: string): string {
  return summaries[languageOf(said)](messages)
}
