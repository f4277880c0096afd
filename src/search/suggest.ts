import { type Context, requireViewer } from '../context.ts'
import { invalidInput } from '../errors.ts'
import { check } from '../platform/validation.ts'
import { matching, querySchema } from './messages.ts'
import { readScopes } from './scopes.ts'
import { foldWithPlaces, levelKana } from './text/fold.ts'
import { readQuery } from './text/terms.ts'

const examinedMax = 200
const fewSuggestions = 8
const mostSuggestions = 20
const completionMax = 64

const words = new Intl.Segmenter('und', { granularity: 'word' })

/** How what the viewer is typing goes on in the messages that they may read, the most frequent first. */
export async function suggestSearches(
  ctx: Context,
  args: { prefix: string; first?: number | null },
): Promise<string[]> {
  requireViewer(ctx)
  const first = args.first ?? fewSuggestions
  if (first < 1 || first > mostSuggestions)
    throw invalidInput({ path: 'first', message: `must be between 1 and ${mostSuggestions}` })
  const query = readQuery(check(querySchema, args.prefix, 'prefix'))
  if (query.terms.length === 0) return []
  const scopes = await readScopes(ctx, null)
  if (scopes.length === 0) return []

  const filter = { scopes, senderIds: null, kinds: null, sentAfter: null, sentBefore: null }
  const hits = await ctx.search.index.search(query, filter, null, examinedMax)
  const found = await matching(ctx, query, filter, hits)
  return mostFrequent(found.flatMap(({ text }) => completionsIn(text, query.phrase))).slice(0, first)
}

/** Where the text goes on from the prefix: to the end of the word, or, if it is complete, of the next one. */
function completionsIn(text: string, prefix: string): string[] {
  const { folded: cut, starts } = foldWithPlaces(text)
  const folded = levelKana(cut)
  const boundaries = wordEnds(text)
  const completions = new Set<string>()
  for (let at = folded.indexOf(prefix); at >= 0; at = folded.indexOf(prefix, at + prefix.length)) {
    const from = starts[at] ?? 0
    if (from > 0 && !boundaries.has(from)) continue
    const reached = starts[at + prefix.length] ?? text.length
    const end = [...boundaries].find(([to, wordLike]) => to > reached && wordLike)?.[0]
    const completion = end === undefined ? '' : text.slice(from, end).replace(/\s+/gu, ' ')
    if (completion !== '' && completion.length <= completionMax) completions.add(completion)
  }
  return [...completions]
}

/** The ends of the segments of a text, and whether each is the end of a word. */
function wordEnds(text: string): Map<number, boolean> {
  return new Map(
    Array.from(words.segment(text), ({ index, segment, isWordLike }) => [
      index + segment.length,
      isWordLike ?? false,
    ]),
  )
}

/** Each once, in the letters that were met first; what is met equally often stays in order. */
function mostFrequent(completions: string[]): string[] {
  const counts = new Map<string, { shown: string; count: number }>()
  for (const shown of completions) {
    const key = shown.toLowerCase()
    const known = counts.get(key)
    if (known) known.count += 1
    else counts.set(key, { shown, count: 1 })
  }
  return [...counts.values()].sort((one, other) => other.count - one.count).map(({ shown }) => shown)
}
