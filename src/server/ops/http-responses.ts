import type { Server } from 'node:http'
import type { Metrics } from '../../platform/metrics.ts'

const routes = ['graphql', 'uploads', 'media', 'live', 'ready']

const routeOf = (target = '') => target.match(/^\/(\w+)/)?.[1] ?? ''

/** Counts complete responses. Other paths share one label, because clients choose them. */
export function countResponses(http: Server, metrics: Metrics): void {
  const responses = metrics.counter('http_responses_total', 'HTTP responses by route and status.', [
    'route',
    'status',
  ])
  http.on('request', ({ url }, response) => {
    const route = routeOf(url)
    response.on('finish', () =>
      responses.inc({ route: routes.includes(route) ? route : 'other', status: response.statusCode }),
    )
  })
}
