import type { IncomingMessage } from 'node:http'

const single = /^bytes=(\d*)-(\d*)$/

/** The requested range, both ends included; null if the whole is requested or must be sent. */
export function rangeOf(
  { headers, method }: IncomingMessage,
  etag: string,
  size: number,
): { from: number; to: number } | 'UNSATISFIABLE' | null {
  const match = headers.range?.match(single)
  const changed = headers['if-range'] !== undefined && headers['if-range'] !== etag
  // Several ranges, or an invalid one, are answered with the whole.
  if (!match || method !== 'GET' || changed) return null
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return from > to ? 'UNSATISFIABLE' : { from, to }
}
