import { explorerPassHeader } from '../gate/explorer-pass.ts'
import { examples } from './examples.ts'

const headersOf = (handle: string) => JSON.stringify({ Authorization: `Bearer <${handle}>` }, null, 2)

/** Starts GraphiQL in the browser: queries by POST, subscriptions over graphql-ws, both with the headers of the pane. */
export function startScript(): string {
  const tabs = examples.map(({ query, variables, as }) => ({
    query,
    variables: variables && JSON.stringify(variables, null, 2),
    headers: as && headersOf(as),
  }))
  return `import { createClient, renderGraphiQL } from './graphiql.js'

const endpoint = new URL(location.pathname, location.href)
const socketUrl = new URL(endpoint)
socketUrl.protocol = endpoint.protocol.replace('http', 'ws')

// Users who sign in on this page are known by handle, in every window: "Bearer <alice>" means her token.
const tokens = () => JSON.parse(localStorage.getItem('tokens') ?? '{}')
const keep = (changed) => localStorage.setItem('tokens', JSON.stringify({ ...tokens(), ...changed }))
const named = (headers) => JSON.stringify(headers).match(/(?<=<)[^>]*(?=>)/g) ?? []
const unknown = (headers) => named(headers).find((name) => !tokens()[name])
const signInFirst = (name) => ({
  errors: [
    {
      message:
        'No user called ' + name + ' has signed in on this page: run Register or Login as ' + name + ' in the first tab.',
    },
  ],
})

function remember(data) {
  for (const payload of Object.values(data ?? {}))
    if (payload?.accessToken && payload.user?.handle) keep({ [payload.user.handle]: payload.accessToken })
}

function forget(names) {
  for (const name of names) keep({ [name]: undefined })
}

// A name without a token must not prevent the registration.
function given(headers) {
  const known = tokens()
  const filled = Object.entries(headers).map(([key, value]) => [
    key,
    String(value).replace(/<([^>]*)>/g, (name, handle) => known[handle] ?? name),
  ])
  return Object.fromEntries(filled.filter(([, value]) => !value.includes('<')))
}

// With it, the server accepts documents that are not trusted.
const pass = { '${explorerPassHeader}': document.querySelector('meta[name=explorer-pass]').content }

const isSubscription = ({ operationName }, { documentAST }) =>
  documentAST?.definitions.some(
    (node) => node.operation === 'subscription' && (!operationName || node.name?.value === operationName),
  )

async function ask(operation, headers) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...pass, ...given(headers), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
  })
  return response.json()
}

// The schema is read when the page opens. Where that needs a user, the answer waits for the first sign-in: as an error
// it would replace the result of that sign-in.
const readsSchema = ({ operationName }) => operationName === 'IntrospectionQuery'
const signedIn = (headers) =>
  new Promise((resolve) => {
    const look = setInterval(() => {
      if (unknown(headers)) return
      clearInterval(look)
      resolve()
    }, 250)
  })

// An expired token is deleted, or it would prevent the next sign-in.
async function post(operation, headers) {
  let result = await ask(operation, headers)
  if (result.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') && named(headers).length > 0) {
    forget(named(headers))
    result = await ask(operation, headers)
  }
  remember(result.data)
  const name = unknown(headers)
  const refused = result.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED')
  if (!name || !refused) return result
  if (!readsSchema(operation)) return signInFirst(name)
  await signedIn(headers)
  return post(operation, headers)
}

// GraphiQL shows only the last result, and events often arrive together; so each result lists the earlier
// events, and the last one says why the stream ended. No generator: that could not be stopped while it waits.
function withEarlier(results) {
  let earlier = []
  let ended = false
  const last = (why) => {
    ended = true
    return { done: false, value: { stopped: why + ' Run the subscription again to continue.', earlier } }
  }
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      if (ended) return { done: true }
      try {
        const { done, value } = await results.next()
        if (done) return last('The server ended the subscription.')
        const shown = earlier.length > 0 ? { ...value, earlier } : value
        earlier = [value.data, ...earlier].slice(0, 20)
        return { done, value: shown }
      } catch (error) {
        return last(
          error.code
            ? 'The connection was closed: ' + error.code + ' ' + error.reason + '.'
            : 'The server refused the subscription: ' + JSON.stringify(error),
        )
      }
    },
    return() {
      ended = true
      return results.return()
    },
  }
}

async function* only(result) {
  yield result
}

function subscribe(operation, headers) {
  const name = unknown(headers)
  if (name) return only(signInFirst(name))
  const client = createClient({
    url: socketUrl.href,
    connectionParams: () => ({ ...pass, ...given(headers) }),
    on: { closed: ({ code }) => code === 4403 && forget(named(headers)) },
  })
  return withEarlier(client.iterate(operation))
}

const fetcher = (operation, { headers = {}, ...options } = {}) =>
  isSubscription(operation, options) ? subscribe(operation, headers) : post(operation, headers)

// GraphiQL looks for the last query among its tabs, and adds an empty tab for a query that was never edited.
if (!localStorage.getItem('graphiql:query')) localStorage.removeItem('graphiql:tabState')

renderGraphiQL(document.querySelector('#root'), {
  fetcher,
  title: 'Parlance',
  defaultHeaders: ${JSON.stringify(headersOf('alice'))},
  defaultTabs: ${JSON.stringify(tabs)},
  shouldPersistHeaders: true,
  inputValueDeprecation: true,
  schemaDescription: true,
})
`
}
