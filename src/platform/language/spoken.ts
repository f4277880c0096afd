/** The languages of the texts that the server writes. */
export const languages = ['en', 'zh'] as const

export type Language = (typeof languages)[number]

const entriesMax = 32

/** The best language for a language tag or a list of them, such as an Accept-Language header; English if none fits. */
export function languageFor(accepted: string | undefined): Language {
  const wanted = (accepted ?? '').split(',', entriesMax).map(readEntry)
  // The sort is stable: of equal weights, the first counts.
  for (const { primary, weight } of wanted.sort((one, other) => other.weight - one.weight)) {
    const language = languages.find((each) => each === primary)
    if (language && weight > 0) return language
  }
  return 'en'
}

function readEntry(entry: string): { primary: string; weight: number } {
  const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = quality === undefined ? 1 : Number(quality.slice(2))
  return { primary: tag.split(/[-_]/, 1)[0] ?? '', weight: Number.isFinite(weight) ? weight : 0 }
}
