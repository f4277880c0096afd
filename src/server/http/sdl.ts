import { createHash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import type { Services } from '../../context.ts'
import { Refusal } from '../../errors.ts'
import { printPublished } from '../../platform/graphql/errors/published.ts'
import { Deadline } from '../../platform/time/deadline.ts'
import { answerTooLate } from '../execution/executor.ts'
import { schemaRefusal } from '../gate/authorize.ts'
import { HttpRefusal } from '../request/refusal.ts'
import { statusOf } from '../request/refusal-status.ts'
import type { Exchange } from './exchange.ts'
import { viewerOf } from './graphql.ts'
import { sendText } from './send.ts'

/** Serves the schema as a document at /schema.graphql. */
export type SdlHandler = (exchange: Exchange) => Promise<void>

export function createSdlHandler(services: Services, schema: GraphQLSchema): SdlHandler {
  let printed: { text: string; etag: string } | null = null
  const print = () => {
    const text = printPublished(schema)
    return { text, etag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
  }

  return async (exchange) => {
    const { request, response } = exchange
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new HttpRefusal(405, 'INVALID_INPUT', 'Read the schema by GET or HEAD.', { allow: 'GET, HEAD' })
    await assertReadable(services, request.headers.authorization)
    printed ??= print()
    const headers = { etag: printed.etag, 'cache-control': 'private, no-cache' }
    if (isKnown(request.headers['if-none-match'], printed.etag))
      return void response.writeHead(304, headers).end()
    await sendText(exchange, 200, printed.text, {
      ...headers,
      'content-type': 'application/graphql; charset=utf-8',
    })
  }
}

/** By the rule for introspection. */
async function assertReadable(services: Services, authorization: string | undefined): Promise<void> {
  const deadline = new Deadline(services.config.limits.requestDeadlineMs)
  const viewer = deadline.race(viewerOf(services, authorization), () => Promise.reject(answerTooLate()))
  const refusal = await viewer.then(
    (known) => schemaRefusal(services.config, known),
    (error: unknown) => {
      if (error instanceof Refusal) return error
      throw error
    },
  )
  if (refusal) throw new HttpRefusal(statusOf(refusal.code), refusal.code, refusal.message)
}

const isKnown = (given: string | undefined, etag: string) =>
  given?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')) ?? false
