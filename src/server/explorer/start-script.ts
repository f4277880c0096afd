import { examples } from './examples.ts'

const tokenPlaceholder = 'Bearer <an access token>'

/** Starts the explorer in the browser: queries by POST, subscriptions over graphql-ws, both with the Headers pane. */
export function startScript(): string {
  const headers = JSON.stringify({ Authorization: tokenPlaceholder }, null, 2)
  const tabs = examples.map(({ query, variables }) => ({
    query,
    variables: variables && JSON.stringify(variables, null, 2),
    headers,
  }))
  return `import { createClient } from './client.js'

const endpoint = new URL(location.pathname, location.href)
const socketUrl = new URL(endpoint)
socketUrl.protocol = endpoint.protocol.replace('http', 'ws')

// A token that was not filled in yet must not stand in the way of signing up.
const given = (headers = {}) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ${JSON.stringify(tokenPlaceholder)}))

const isSubscription = ({ operationName }, { documentAST }) =>
  documentAST?.definitions.some(
    (node) => node.operation === 'subscription' && (!operationName || node.name?.value === operationName),
  )

async function post(operation, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...given(headers), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
  })
  return response.json()
}

const fetcher = (operation, options = {}) =>
  isSubscription(operation, options)
    ? createClient({ url: socketUrl.href, connectionParams: given(options.headers) }).iterate(operation)
    : post(operation, options.headers)

self.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL('worker-' + label + '.js', import.meta.url).href,
}
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  fetcher,
  title: 'Parlance',
  logo: ' ',
  headers: ${JSON.stringify(headers)},
  defaultTabs: ${JSON.stringify(tabs)},
})
`
}
