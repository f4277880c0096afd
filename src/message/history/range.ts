import type { Context } from '../../context.ts'
import { invalidInput } from '../../errors.ts'
import { type PageLimits, pageSize } from '../../platform/graphql/page.ts'
import { decodePageKey } from '../../platform/graphql/page-key.ts'

export interface HistoryArgs {
  first?: number | null
  after?: string | null
  last?: number | null
  before?: string | null
  afterSeq?: number | null
  beforeSeq?: number | null
  around?: number | null
}

/** Numbers of messages, both included. */
export interface Range {
  from: number
  to: number
}

/** The numbers of a page, within those that the viewer may read. */
export function rangeOf(ctx: Context, args: HistoryArgs, readable: Range): Range {
  return isGiven(args.around)
    ? rangeAround(ctx, args, args.around, readable)
    : rangeBetween(ctx, args, boundsOf(args, readable))
}

export const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined

/** The message in the middle; near an end of the history the page is filled from the other side. */
function rangeAround(ctx: Context, args: HistoryArgs, seq: number, readable: Range): Range {
  const others = ['after', 'before', 'afterSeq', 'beforeSeq'] as const
  const other = others.find((name) => isGiven(args[name]))
  if (other) throw invalidInput({ path: other, message: 'cannot be given together with around' })
  if (seq < 1) throw invalidInput({ path: 'around', message: 'must be the number of a message' })
  const { size } = sizeOf(ctx, args, true)
  // A message before the viewer's history and one that does not exist give the same error.
  if (seq < readable.from || seq > readable.to)
    throw invalidInput({ path: 'around', message: 'is not a message that the viewer may read' })
  const half = Math.floor((size - 1) / 2)
  const from = Math.max(readable.from, Math.min(seq - half, readable.to - size + 1))
  return { from, to: Math.min(readable.to, from + size - 1) }
}

export function boundsOf(args: HistoryArgs, readable: Range): Range {
  const after = decodePageKey(args.after, ['number'])?.[0] ?? 0
  const before = decodePageKey(args.before, ['number'], 'before')?.[0] ?? Number.MAX_SAFE_INTEGER
  return {
    from: Math.max(readable.from, after + 1, (args.afterSeq ?? 0) + 1),
    to: Math.min(readable.to, before - 1, (args.beforeSeq ?? Number.MAX_SAFE_INTEGER) - 1),
  }
}

/** `first` takes the lowest numbers of the bounds; `last`, the default, takes the highest. */
function rangeBetween(ctx: Context, args: HistoryArgs, bounds: Range): Range {
  const { size, forward } = sizeOf(ctx, args, isGiven(args.after) || isGiven(args.afterSeq))
  return forward
    ? { from: bounds.from, to: Math.min(bounds.to, bounds.from + size - 1) }
    : { from: Math.max(bounds.from, bounds.to - size + 1), to: bounds.to }
}

export function sizeOf(
  ctx: { config: { limits: PageLimits } },
  { first, last }: HistoryArgs,
  forwardByDefault: boolean,
) {
  const { limits } = ctx.config
  if (isGiven(first) && isGiven(last))
    throw invalidInput({ path: 'first', message: 'cannot be given together with last' })
  const forward = isGiven(first) || (!isGiven(last) && forwardByDefault)
  return { forward, size: forward ? pageSize(limits, first) : pageSize(limits, last, 'last') }
}
