import { type Client, createClient } from 'graphql-sse'
import { onTestFinished } from 'vitest'
import type { Person } from '../../world/person.ts'
import { Waiters } from '../../world/waiters.ts'
import type { GraphqlBody } from '../wire.ts'

type StockClient = Pick<Client, 'subscribe'>

/** The stock client of graphql-sse; it connects again without a pause. */
export function sseClient(
  person: Pick<Person, 'url' | 'credentials'>,
  singleConnection: boolean,
  { retryAttempts = 1_000 } = {},
): StockClient {
  const options = {
    url: `${person.url}/graphql/stream`,
    headers: () => ({ authorization: `Bearer ${person.credentials.accessToken}` }),
    retryAttempts,
    retry: async () => {},
  }
  const client = singleConnection
    ? createClient({ ...options, singleConnection: true })
    : createClient({ ...options, singleConnection: false })
  onTestFinished(() => client.dispose())
  return client
}

const patienceMs = 10_000

/** The results of one operation, as they arrive. */
export class Results {
  readonly all: GraphqlBody[] = []
  readonly stop: () => void
  ended: 'completed' | Error | null = null
  readonly #waiters = new Waiters()

  constructor(client: StockClient, query: string, variables: Record<string, unknown> = {}) {
    const end = (how: 'completed' | Error) => {
      this.ended = how
      this.#waiters.wake()
    }
    this.stop = client.subscribe(
      { query, variables },
      {
        next: (result) => {
          this.all.push(result as GraphqlBody)
          this.#waiters.wake()
        },
        error: (error) => end(error as Error),
        complete: () => end('completed'),
      },
    )
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + patienceMs
    while (!condition()) {
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`Timed out waiting for ${what}: ${JSON.stringify(this.all)}`)
      await this.#waiters.wait(left)
    }
  }

  async first(): Promise<GraphqlBody> {
    await this.until(() => this.all.length > 0 || this.ended !== null, 'a result')
    if (this.ended instanceof Error) throw this.ended
    return this.all[0] as GraphqlBody
  }

  async end(): Promise<'completed' | Error> {
    await this.until(() => this.ended !== null, 'the end')
    return this.ended as 'completed' | Error
  }
}
