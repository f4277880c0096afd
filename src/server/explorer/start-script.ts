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

// The explorer shows the last result only, and one event often follows another at once. No generator: that could
// not be stopped while it waits.
function withEarlier(results) {
  let earlier = []
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const { done, value } = await results.next()
      if (done) return { done, value }
      const shown = earlier.length > 0 ? { ...value, earlier } : value
      earlier = [value.data, ...earlier].slice(0, 20)
      return { done, value: shown }
    },
    return: () => results.return(),
  }
}

const subscribe = (operation, headers) =>
  withEarlier(createClient({ url: socketUrl.href, connectionParams: given(headers) }).iterate(operation))

const fetcher = (operation, options = {}) =>
  isSubscription(operation, options) ? subscribe(operation, options.headers) : post(operation, options.headers)

self.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL('worker-' + label + '.js', import.meta.url).href,
}
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  fetcher,
  title: 'Parlance',
  logo: ' ',
  headers: ${JSON.stringify(headers)},
  defaultTabs: ${JSON.stringify(tabs)},
  // It would put every keystroke into the address, and a second copy of the tab there after each reload.
  onEditQuery() {},
})
`
}
