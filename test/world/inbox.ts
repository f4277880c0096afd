import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import type { InboxSubscription as InboxData } from '../generated/graphql.ts'
import { InboxSubscription } from './operations.ts'
import { Waiters } from './waiters.ts'

export type InboxEvent = InboxData['inbox']
export type EventNamed<Name extends InboxEvent['__typename']> = Extract<InboxEvent, { __typename: Name }>

/** As long as other waits of tests: how soon something holds is the machine's affair. */
export const patienceMs = 20_000

/** An open subscription to a user's inbox, with all received events. */
export class Inbox {
  readonly events: InboxEvent[] = []
  readonly ended: Promise<unknown>
  readonly #waiters = new Waiters()
  #failure: unknown = null
  #stop: () => void

  constructor(client: Client, variables: { after?: string | null; streamId?: string | null }) {
    this.ended = new Promise((resolve) => {
      this.#stop = client.subscribe<InboxData>(
        { query: print(InboxSubscription), variables },
        {
          next: (result) => {
            if (result.errors) this.#failure = result.errors
            else if (result.data) this.events.push(result.data.inbox)
            this.#waiters.wake()
          },
          error: (error) => {
            this.#failure = error
            this.#waiters.wake()
            resolve(error)
          },
          complete: () => resolve(null),
        },
      )
    })
    this.#stop ??= () => {}
  }

  get cursor(): string | undefined {
    return this.events.at(-1)?.cursor
  }

  /** Waits for an event of a type that matches, among the received ones and the next. */
  async sees<Name extends InboxEvent['__typename']>(
    name: Name,
    fits: (event: EventNamed<Name>) => boolean = () => true,
  ): Promise<EventNamed<Name>> {
    const find = () =>
      this.events.find(
        (event): event is EventNamed<Name> => event.__typename === name && fits(event as EventNamed<Name>),
      )
    await this.until(() => find() !== undefined, `${name}`)
    return find() as EventNamed<Name>
  }

  async until(condition: () => boolean, what = 'a condition'): Promise<void> {
    const deadline = Date.now() + patienceMs
    while (!condition()) {
      if (this.#failure) throw new Error(`The inbox failed: ${describe(this.#failure)}`)
      const left = deadline - Date.now()
      if (left <= 0)
        throw new Error(
          `Timed out waiting for ${what}; received: ${this.events.map((e) => e.__typename).join(' ')}`,
        )
      await this.#waiters.wait(left)
    }
  }

  close(): void {
    this.#stop()
  }
}

function describe(failure: unknown): string {
  if (failure instanceof Error) return failure.message
  if (typeof failure === 'object' && failure && 'code' in failure)
    return `closed with ${String(failure.code)}`
  return JSON.stringify(failure)
}
