import type { IncomingMessage } from 'node:http'
import { badRequest } from './refusal.ts'

const base = 'http://local'

/**
 * The target of a request as a URL with a normalised path. A path that begins with two slashes stays a path: resolved
 * against a base, it would name another host.
 */
export function targetOf({ url = '/' }: IncomingMessage): URL {
  const text = url.startsWith('/') ? `${base}${url}` : url
  if (!/^https?:/i.test(text) || !URL.canParse(text)) throw badRequest('The request target is malformed.')
  return new URL(text)
}
