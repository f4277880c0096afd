import { type Context, requireViewer } from '../context.ts'
import { pageSize } from '../platform/graphql/page.ts'
import { fold } from '../platform/language/folding/fold.ts'
import { check } from '../platform/validation.ts'
import { noFilter } from './engine/search-index.ts'
import { querySchema } from './messages.ts'
import { readScopes } from './scopes.ts'
import { readQuery } from './text/terms.ts'
import { newBudget, verifiedHits } from './verify.ts'

const examinedMax = 200
const defaultCount = 8
const maxCount = 20

/** Completions of a prefix from messages that the viewer may read, most frequent first. */
export async function suggestSearches(
  ctx: Context,
  args: { prefix: string; first?: number | null },
): Promise<string[]> {
  requireViewer(ctx)
  const first = pageSize({ pageSize: defaultCount, pageSizeMax: maxCount }, args.first)
  const query = readQuery(check(querySchema, args.prefix, 'prefix'))
  if (query.terms.length === 0) return []
  const scopes = await readScopes(ctx, null)
  if (scopes.length === 0) return []

  const request = { query, filter: { ...noFilter, scopes }, order: 'RELEVANCE' } as const
  const hits = await ctx.search.index.search(request, null, examinedMax)
  const completions: string[][] = []
  for await (const { found } of verifiedHits(ctx, request, hits, newBudget())) {
    const texts = found.map(({ text }) => text)
    completions.push(...(await ctx.search.texts.completions({ prefix: query.phrase, texts })))
  }
  return mostFrequent(completions.flat()).slice(0, first)
}

/** Distinct completions by falling frequency, in the spelling found first. */
function mostFrequent(completions: string[]): string[] {
  const counts = new Map<string, { shown: string; count: number }>()
  for (const shown of completions) {
    const key = fold(shown)
    const known = counts.get(key)
    if (known) known.count += 1
    else counts.set(key, { shown, count: 1 })
  }
  return [...counts.values()].sort((one, other) => other.count - one.count).map(({ shown }) => shown)
}
