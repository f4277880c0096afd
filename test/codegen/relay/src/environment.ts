import { createClient, type Sink } from 'graphql-ws'
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  Store,
  type SubscribeFunction,
} from 'relay-runtime'
import type { AppSettings } from '../app.ts'

export function createChatEnvironment({ url, accessToken, webSocketImpl }: AppSettings, requests: string[]) {
  const authorization = () => `Bearer ${accessToken()}`
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl,
    connectionParams: () => ({ authorization: authorization() }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  })
  const fetchOperation: FetchFunction = async ({ text: query, name }, variables) => {
    requests.push(name)
    const headers = { 'content-type': 'application/json', authorization: authorization() }
    const body = JSON.stringify({ query, variables })
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
    return (await response.json()) as GraphQLResponse
  }
  const subscribe: SubscribeFunction = ({ text, name }, variables) =>
    Observable.create((sink) => {
      if (!text) throw new Error(`${name} has no text.`)
      return socket.subscribe({ operationName: name, query: text, variables }, sink as Sink)
    })
  const environment = new Environment({
    network: Network.create(fetchOperation, subscribe),
    store: new Store(new RecordSource()),
  })
  return { environment, close: () => socket.dispose() }
}
