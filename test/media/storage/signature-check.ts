import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

// The storage of the tests accepts any version 4 signature. This computes them from the published description, without
// the library under test.

const secret = 'S3RVER'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const sign = (scope: string, text: string) =>
  hmac(scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`), text).toString('hex')

/** Whether a request, or its form, is correctly signed. */
export async function isSigned(request: IncomingMessage, body: Buffer): Promise<boolean> {
  const url = new URL(request.url ?? '/', 'http://local')
  if (request.method === 'POST') return isSignedForm(request, body)
  return url.searchParams.has('X-Amz-Signature') ? isSignedUrl(request, url) : isSignedHeader(request, url)
}

function isSignedUrl(request: IncomingMessage, url: URL): boolean {
  const query = url.searchParams
  const given = query.get('X-Amz-Signature')
  query.delete('X-Amz-Signature')
  const at = query.get('X-Amz-Date') ?? ''
  const [, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/')
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';')
  const age = Date.now() - Date.parse(at.replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5'))
  if (age > Number(query.get('X-Amz-Expires')) * 1000) return false
  return (
    given === signatureOf(request, url, { at, scope: scope.join('/'), names, payload: 'UNSIGNED-PAYLOAD' })
  )
}

function isSignedHeader(request: IncomingMessage, url: URL): boolean {
  const { authorization = '', ...headers } = request.headers
  const part = (name: string) => authorization.match(new RegExp(`${name}=([^, ]+)`))?.[1] ?? ''
  const [, ...scope] = part('Credential').split('/')
  const at = String(headers['x-amz-date'])
  const payload = String(headers['x-amz-content-sha256'])
  const names = part('SignedHeaders').split(';')
  return part('Signature') === signatureOf(request, url, { at, scope: scope.join('/'), names, payload })
}

function signatureOf(
  request: IncomingMessage,
  url: URL,
  signed: { at: string; scope: string; names: string[]; payload: string },
): string {
  const { at, scope, names, payload } = signed
  const query = [...url.searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort()
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
  const canonical = [
    request.method,
    url.pathname,
    query.join('&'),
    headers.join(''),
    names.join(';'),
    payload,
  ]
  return sign(scope, ['AWS4-HMAC-SHA256', at, scope, sha256(canonical.join('\n'))].join('\n'))
}

type Condition = Record<string, string> | [string, number, number]

async function isSignedForm(request: IncomingMessage, body: Buffer): Promise<boolean> {
  const headers = { 'content-type': String(request.headers['content-type']) }
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers }).formData()
  const field = (name: string) => String(form.get(name))
  const policy = JSON.parse(Buffer.from(field('Policy'), 'base64').toString()) as {
    expiration: string
    conditions: Condition[]
  }
  const [, ...scope] = field('X-Amz-Credential').split('/')
  const file = form.get('file')
  const size = file instanceof Blob ? file.size : -1
  const met = policy.conditions.every((condition) => {
    if (Array.isArray(condition)) return size >= condition[1] && size <= condition[2]
    return Object.entries(condition).every(([name, value]) => name === 'bucket' || field(name) === value)
  })
  const fresh = Date.parse(policy.expiration) > Date.now()
  return met && fresh && field('X-Amz-Signature') === sign(scope.join('/'), field('Policy'))
}
