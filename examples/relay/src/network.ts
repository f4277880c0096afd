import type { Carrier } from '@parlance/client/adapter'
import { Network, Observable } from 'relay-runtime'

/**
 * An event that arrives while a request is on its way is newer than the answer, and a store takes whichever comes last:
 * such events are delivered once more after the answer. They describe the current state, so twice is once.
 */
export function createNetwork({ query, subscribe }: Carrier) {
  const requests = new Set<object[]>()
  /** To the subscription of the environment. */
  let deliver = (_: object) => {}
  return Network.create(
    ({ text }, variables) =>
      Observable.create(({ next, error, complete }) => {
        const overtaking: object[] = []
        requests.add(overtaking)
        query(String(text), variables)
          .finally(() => requests.delete(overtaking))
          .then((answer) => {
            next(answer as never)
            for (const event of overtaking) deliver(event)
            complete()
          }, error)
      }),
    ({ text }, variables) =>
      Observable.create(({ next, error, complete }) => {
        const end = (cause: unknown) => (cause ? error(cause as Error) : complete())
        deliver = (data) => next({ data })
        return subscribe(String(text), variables, {
          next(data: object) {
            for (const overtaking of requests) overtaking.push(data)
            next({ data })
          },
          end,
        })
      }),
  )
}
