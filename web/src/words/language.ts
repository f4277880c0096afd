import { ref, shallowRef } from 'vue'
import { en, type Words } from './en.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

const key = 'parlance.language'

export const words = shallowRef<Words>(en)
export const language = ref<Language>('en')

/** Shows the app in a language; only its own words are loaded. */
export async function setLanguage(next: Language): Promise<void> {
  words.value = next === 'zh' ? (await import('./zh.ts')).zh : en
  language.value = next
  document.documentElement.lang = next
  localStorage.setItem(key, next)
}

/** The language of the viewer's choice, by default the first of the browser that the app has. */
export function startWords(): Promise<void> {
  const wanted = [localStorage.getItem(key), ...navigator.languages].map((name) => name?.slice(0, 2))
  return setLanguage(
    languages.find((name) => name === wanted.find((one) => languages.includes(one as Language))) ?? 'en',
  )
}
