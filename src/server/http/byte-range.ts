import type { IncomingMessage } from 'node:http'

const single = /^bytes=(\d*)-(\d*)$/

/** The one range that a request asks for, both ends included; null when it wants, or is to get, the whole. */
export function rangeOf(
  { headers, method }: IncomingMessage,
  etag: string,
  size: number,
): { from: number; to: number } | 'UNSATISFIABLE' | null {
  const match = headers.range?.match(single)
  const changed = headers['if-range'] !== undefined && headers['if-range'] !== etag
  // Several ranges at once may be answered with the whole, and so is what is no range.
  if (!match || method !== 'GET' || changed) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return from > to ? 'UNSATISFIABLE' : { from, to }
}
