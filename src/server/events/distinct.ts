import { GraphQLError } from 'graphql'
import type { Access } from '../../auth/tokens.ts'
import type { Refusal } from '../../errors.ts'
import { byteString } from '../../platform/graphql/shared/byte-string.ts'
import type { Exchange } from '../http/exchange.ts'
import { asHttpRefusal } from '../http/media.ts'
import { readJsonBody } from '../request/body.ts'
import { parametersOf, parametersOfUrl } from '../request/graphql-parameters.ts'
import { wantsEvents } from '../request/media-type.ts'
import { HttpRefusal } from '../request/refusal.ts'
import type { Payload } from '../websocket/prepare-run.ts'
import { accessOf, isFinal } from './access.ts'
import { EventStream } from './event-stream.ts'
import { oneOperation } from './format.ts'
import { type EventParts, openStream } from './open.ts'

/** Distinct connections mode: runs the operation of the request, and answers with its results. */
export async function serveDistinct(parts: EventParts, exchange: Exchange): Promise<void> {
  const { request } = exchange
  if (!wantsEvents(request.headers.accept))
    throw new HttpRefusal(406, 'INVALID_INPUT', 'Accept text/event-stream.')
  const payload = await payloadOf(parts, exchange)
  const access = await accessOf(parts.services, request).catch((error: unknown) => {
    if (!isFinal(error)) return asHttpRefusal(error)
    refuseForGood(exchange, error)
    return undefined
  })
  if (access === undefined) return
  await serve(parts, exchange, payload, access)
}

/** The parameters as a client sends them over a socket. */
async function payloadOf({ services }: EventParts, { request, url, expectBody }: Exchange): Promise<Payload> {
  if (request.method === 'POST') {
    const body = await readJsonBody(request, services.config.limits.bodyBytes, expectBody)
    parametersOf(body)
    return body as object
  }
  const { sha256Hash, ...parameters } = parametersOfUrl(url.searchParams)
  return sha256Hash
    ? { ...parameters, extensions: { persistedQuery: { version: 1, sha256Hash } } }
    : parameters
}

async function serve(
  parts: EventParts,
  exchange: Exchange,
  payload: Payload,
  access: Access | null,
): Promise<void> {
  const { operations, closed } = openStream(parts, exchange, access, oneOperation)
  await operations.run('', payload, { mayMutate: exchange.request.method === 'POST' })
  await closed
}

/** As a result, not as a status: after a status, the stock client connects again. */
function refuseForGood({ response }: Exchange, refusal: Refusal): void {
  const { code, details, message } = refusal
  const stream = new EventStream(response)
  stream.begin()
  const error = new GraphQLError(message, { extensions: { code, ...details } })
  stream.sendBytes(byteString(oneOperation.refused('', [error])))
  stream.close()
}
