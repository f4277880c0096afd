import type { Exchange } from '../http/exchange.ts'
import type { GraphqlHandler } from '../http/graphql.ts'
import { readJsonBody } from '../request/body.ts'
import { operationIdIn, parametersOf } from '../request/graphql-parameters.ts'
import { badRequest, HttpRefusal } from '../request/refusal.ts'
import { requireAccess } from './access.ts'
import { serveDistinct } from './distinct.ts'
import { manyOperations } from './format.ts'
import { type EventParts, openStream } from './open.ts'
import { type Reservation, Reservations } from './reservations.ts'

/** GraphQL over server-sent events, in both modes of the graphql-sse protocol. */
export function createEventsHandler(parts: EventParts): GraphqlHandler {
  const { services, operationHost } = parts
  const reservations = new Reservations(services.config.limits)

  /** Single connection mode: the client reserves a stream, opens it, and sends its operations in other requests. */
  async function reserve({ request, response }: Exchange): Promise<void> {
    const access = await requireAccess(services, request)
    const token = reservations.reserve(access)
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    response.end(token)
  }

  async function open(exchange: Exchange, reservation: Reservation): Promise<void> {
    if (reservation.operations) throw conflict('The event stream is open already.')
    const { operations, closed } = openStream(parts, exchange, reservation.access, manyOperations)
    reservations.opened(reservation, operations)
    await closed
    reservations.release(reservation)
  }

  async function perform(
    { request, response, expectBody }: Exchange,
    { operations }: Reservation,
  ): Promise<void> {
    const body = await readJsonBody(request, services.config.limits.bodyBytes, expectBody)
    const id = operationIdIn(body)
    parametersOf(body)
    if (!operations) throw conflict('Open the event stream first.')
    if (!operations.live.open) throw noStream()
    if (operations.has(id)) throw conflict(`The operation ${id} runs already.`)
    operations.live.frame()
    void operations.run(id, body as object)
    response.writeHead(202).end()
  }

  function stop({ url, response }: Exchange, { operations }: Reservation): void {
    const id = url.searchParams.get('operationId')
    if (!id) throw badRequest('operationId must be a search parameter.')
    operations?.stop(id)
    response.writeHead(200).end()
  }

  return async (exchange) => {
    const { method = '' } = exchange.request
    if (!methods.includes(method))
      throw new HttpRefusal(405, 'INVALID_INPUT', `Use one of ${allow}.`, { allow })
    if (operationHost.executor.overloaded && method !== 'DELETE')
      throw new HttpRefusal(503, 'UNAVAILABLE', 'The server is overloaded; retry.', { 'retry-after': '1' })
    if (method === 'PUT') return reserve(exchange)
    const token = tokenIn(exchange)
    if (token === null && method !== 'DELETE') return serveDistinct(parts, exchange)
    const reservation = reservations.find(token ?? '')
    if (!reservation) throw noStream()
    if (method === 'GET') return open(exchange, reservation)
    return method === 'POST' ? perform(exchange, reservation) : stop(exchange, reservation)
  }
}

const methods = ['GET', 'POST', 'PUT', 'DELETE']
const allow = methods.join(', ')

/** The EventSource of browsers sends no headers. */
function tokenIn({ request, url }: Exchange): string | null {
  const header = request.headers['x-graphql-event-stream-token']
  return typeof header === 'string' ? header : url.searchParams.get('token')
}

const conflict = (message: string) => new HttpRefusal(409, 'CONFLICT', message)

const noStream = () => new HttpRefusal(404, 'NOT_FOUND', 'There is no such event stream; reserve one.')
