import { createClient, type Sink } from 'graphql-ws'
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
  type SubscribeFunction,
} from 'relay-runtime'
import type { AppSettings } from '../app.ts'

/** The document of an operation, by its id if the server has the file of the compiler. */
function documentOf({ id, text, name }: RequestParameters, idsOnly: boolean) {
  if (!id || !text) throw new Error(`${name} is not persisted.`)
  return idsOnly ? { doc_id: id, query: '' } : { query: text }
}

export function createChatEnvironment(settings: AppSettings, requests: string[]) {
  const { url, accessToken, webSocketImpl, idsOnly = false } = settings
  const authorization = () => `Bearer ${accessToken()}`
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl,
    connectionParams: () => ({ authorization: authorization() }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  })
  const fetchOperation: FetchFunction = async (operation, variables) => {
    requests.push(operation.name)
    const headers = { 'content-type': 'application/json', authorization: authorization() }
    const body = JSON.stringify({ ...documentOf(operation, idsOnly), variables })
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
    return (await response.json()) as GraphQLResponse
  }
  const subscribe: SubscribeFunction = (operation, variables) =>
    Observable.create((sink) =>
      socket.subscribe(
        { operationName: operation.name, ...documentOf(operation, idsOnly), variables },
        sink as Sink,
      ),
    )
  const environment = new Environment({
    network: Network.create(fetchOperation, subscribe),
    store: new Store(new RecordSource()),
  })
  return { environment, close: () => socket.dispose() }
}
